// What elementwise lowerings are made of: casts, lazy broadcasts, nodes over the stored elements, and arithmetic in a type.
import { sameList, sizeOf } from '../layout.js';
import type { Attribute } from '../graph.js';
import { CAST_CODES, type Recorder } from '../recorder.js';
import {
  constantValue,
  isSplat,
  knownData,
  newData,
  nodeValue,
  splatValue,
  type NodeValue,
  type TracedType,
  type Value,
} from '../value.js';

/** Smallest magnitude that int32 does not hold. */
const INT32_LIMIT = 2 ** 31;

/** `value` as another element type; what int32 cannot hold, NaN among it, becomes 0 (tfjs-cpu wraps large numbers around). */
export function cast(recorder: Recorder, value: Value, type: TracedType): Value {
  if (value.type === type) return value;
  if (isSplat(value)) return splatValue(convert(value.splat, type), value.shape, type);
  if (value.kind === 'constant') {
    const data = newData(type, sizeOf(value.shape));
    knownData(value).forEach((element, index) => (data[index] = convert(element, type)));
    return constantValue(data, value.shape, type);
  }
  const source = value.type === 'float32' && type === 'int32' ? keepInt32(recorder, value) : value;
  const result = mapElements(recorder, 'Cast', source, { type, attributes: { to: CAST_CODES[type] } });
  return value.stepOf ? { ...result, stepOf: value.stepOf } : result;
}

function convert(element: number, type: TracedType): number {
  if (type === 'bool') return Number(element !== 0);
  if (type === 'float32') return element;
  return Math.abs(element) < INT32_LIMIT ? Math.trunc(element) : 0;
}

/** Zero where `value` does not fit into int32, because Cast leaves open what becomes of it. */
function keepInt32(recorder: Recorder, value: NodeValue): NodeValue {
  const magnitude = mapElements(recorder, 'Abs', value);
  const fits = recorder.elementwise('Less', [magnitude, splatValue(INT32_LIMIT, [])], 'bool');
  return recorder.elementwise('Where', [fits, value, splatValue(0, [])]);
}

export interface ElementwiseOptions {
  /** Type of the result. @default that of the value */
  readonly type?: TracedType;
  /** Names of further inputs. @default none */
  readonly inputs?: readonly string[];
  readonly attributes?: Record<string, Attribute>;
}

/** One node over the stored elements of `value`: broadcasting stays pending. */
export function mapElements(
  recorder: Recorder,
  op: string,
  value: Value,
  { type = value.type, inputs = [], attributes = {} }: ElementwiseOptions = {},
): NodeValue {
  if (value.kind === 'constant') {
    const name = recorder.graph.emit(op, [recorder.operand(value), ...inputs], attributes);
    return nodeValue(name, value.shape, type);
  }
  const name = recorder.graph.emit(op, [value.name, ...inputs], attributes);
  return nodeValue(name, value.shape, type, value.layout, value.stored);
}

/** `value` with a larger shape; nothing is computed until an operand needs all elements. */
export function broadcastTo(recorder: Recorder, value: Value, shape: readonly number[]): Value {
  if (sameList(value.shape, shape)) return value;
  if (isSplat(value)) return splatValue(value.splat, shape, value.type);
  const source = value.kind === 'node' ? value : nodeValue(recorder.operand(value), value.shape, value.type);
  const { name, layout, stored } = recorder.lift(source, shape.length);
  return nodeValue(name, shape, value.type, layout, stored);
}

/** Type in which values are computed together: float32 if one of them is, int32 otherwise, for bool too. */
export function computingType(...values: readonly Value[]): TracedType {
  return values.some((value) => value.type === 'float32') ? 'float32' : 'int32';
}

/** An arithmetic node over numbers of one type, cast to `type`. */
export function computeNumbers(
  recorder: Recorder,
  op: string,
  values: readonly Value[],
  { type, attributes = {} }: { readonly type: TracedType; readonly attributes?: Record<string, Attribute> },
): Value {
  const computed = computingType(...values);
  const operands = values.map((value) => cast(recorder, value, computed));
  return cast(recorder, recorder.elementwise(op, operands, computed, attributes), type);
}

/** A node that ONNX defines for float32, cast to `type`: TensorFlow.js cuts off fractions where the result is int32. */
export function computeFloats(
  recorder: Recorder,
  op: string,
  value: Value,
  { type = value.type, ...rest }: ElementwiseOptions = {},
): Value {
  return cast(recorder, mapElements(recorder, op, cast(recorder, value, 'float32'), rest), type);
}
