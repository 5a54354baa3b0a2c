// A symbolic tensor: what the tracing backend knows of a TensorFlow.js tensor while a function is recorded.
import { identityLayout, sizeOf, type Layout } from './layout.js';

/** Element types of TensorFlow.js that can be traced. */
export type TracedType = 'float32' | 'int32' | 'bool';

/** Elements known at trace time, logical C order. */
export type KnownData = Float32Array | Int32Array | Uint8Array;

/** A tensor whose elements are known while tracing; `splat` where all are equal (then `data` may be absent). */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  readonly type: TracedType;
  readonly splat: number | undefined;
  readonly data: KnownData | undefined;
}

/** A tensor that a node of the graph computes. */
export interface NodeValue {
  readonly kind: 'node';
  readonly shape: readonly number[];
  readonly type: TracedType;
  /** Name of the node's output. */
  readonly name: string;
  /** Physical axis i holds logical axis layout[i]. */
  readonly layout: Layout;
  /** Dimensions that are stored, in logical order: as `shape`, or 1 along axes that are yet to be broadcast. */
  readonly stored: readonly number[];
  /** Where this value is step(x): x, so that multiplying by it is recognised as the gradient of ReLU. */
  readonly stepOf?: NodeValue;
  /** Where this value is another one with zeros around it: that one, so that sums of such values are padded once. */
  readonly padOf?: PaddedValue;
}

/** Numbers of elements before and after each logical axis. */
export type Paddings = readonly (readonly [before: number, after: number])[];

/** A value and the zeros around it. */
export interface PaddedValue {
  readonly value: Value;
  readonly paddings: Paddings;
}

export type Value = ConstantValue | NodeValue;

/** A node value in full; `stored` defaults to the whole shape, `layout` to C order. */
export function nodeValue(
  name: string,
  shape: readonly number[],
  type: TracedType,
  layout: Layout = identityLayout(shape.length),
  stored: readonly number[] = shape,
): NodeValue {
  return { kind: 'node', name, shape, type, layout, stored };
}

/** A constant with every element equal to `value`. */
export function splatValue(value: number, shape: readonly number[], type: TracedType = 'float32'): ConstantValue {
  return { kind: 'constant', shape, type, splat: value, data: undefined };
}

/** A constant over `data`; equal elements are noticed. */
export function constantValue(data: KnownData, shape: readonly number[], type: TracedType): ConstantValue {
  let equal = data.length > 0;
  for (let i = 1; equal && i < data.length; i++) equal = data[i] === data[0];
  return { kind: 'constant', shape, type, splat: equal ? data[0] : undefined, data };
}

/** Elements of a constant, logical C order. */
export function knownData(value: ConstantValue): KnownData {
  if (value.data) return value.data;
  const data = newData(value.type, sizeOf(value.shape));
  data.fill(value.splat ?? 0);
  return data;
}

/** Whether `value` is a constant whose elements all equal `number`. */
export function isSplat(value: Value, number?: number): value is ConstantValue & { readonly splat: number } {
  if (value.kind !== 'constant' || value.splat === undefined) return false;
  return number === undefined || value.splat === number;
}

/** A zeroed array of the kind that holds `type`. */
export function newData(type: TracedType, length: number): KnownData {
  if (type === 'int32') return new Int32Array(length);
  return type === 'bool' ? new Uint8Array(length) : new Float32Array(length);
}
