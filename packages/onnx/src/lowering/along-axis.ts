// Kernels that work along one axis and need no transposition for it: softmax, arg-max, top-k, running sums and products.
import { withoutAxes } from '../layout.js';
import { CAST_CODES, layoutOf, type Recorder } from '../recorder.js';
import { nodeValue, splatValue, type Value } from '../value.js';
import { normalizeAxis, parseAxes } from './axes.js';
import { cast, computingType } from './elementwise.js';
import { concatenate } from './join.js';
import { slice } from './slice.js';
import type { KernelAttributes, Lowering, LoweringTable } from './types.js';

const softmax: Lowering = (recorder, { logits }, { dim }) => {
  const value = cast(recorder, logits!, 'float32');
  const layout = layoutOf(value);
  const axis = normalizeAxis((dim as number | undefined) ?? -1, value.shape.length);
  const name = recorder.graph.emit('Softmax', [recorder.operand(value, layout)], { axis: layout.indexOf(axis) });
  return nodeValue(name, value.shape, 'float32', layout);
};

/** Of equal elements the first is found, as in TensorFlow.js. */
function argument(op: string): Lowering {
  return (recorder, { x }, attributes) => {
    const [axis] = parseAxes(attributes['axis'], x!.shape.length);
    const value = cast(recorder, x!, computingType(x!));
    const layout = layoutOf(value);
    const found = recorder.graph.emit(op, [recorder.operand(value, layout)], {
      axis: layout.indexOf(axis!),
      keepdims: 0,
    });
    const name = recorder.graph.emit('Cast', [found], { to: CAST_CODES.int32 });
    const shape = value.shape.filter((_, index) => index !== axis);
    return nodeValue(name, shape, 'int32', withoutAxes(layout, [axis!]));
  };
}

/** The k largest elements of the last axis, sorted; of equal ones the first come first, as in TensorFlow.js. */
const topK: Lowering = (recorder, { x }, { k }) => {
  const value = cast(recorder, x!, computingType(x!));
  const layout = layoutOf(value);
  const last = value.shape.length - 1;
  const { graph } = recorder;
  const inputs = [recorder.operand(value, layout), graph.integers([k as number])];
  const [largest, places] = graph.emitMany('TopK', inputs, { axis: layout.indexOf(last) }, 2);
  const shape = [...value.shape.slice(0, last), k as number];
  const indices = graph.emit('Cast', [places!], { to: CAST_CODES.int32 });
  const values = cast(recorder, nodeValue(largest!, shape, value.type, layout), x!.type);
  return [values, nodeValue(indices, shape, 'int32', layout)];
};

interface ScanDirection {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

function readDirection(value: Value, attributes: KernelAttributes): ScanDirection {
  return {
    axis: normalizeAxis((attributes['axis'] as number | undefined) ?? 0, value.shape.length),
    exclusive: attributes['exclusive'] === true,
    reverse: attributes['reverse'] === true,
  };
}

const cumulativeSum: Lowering = (recorder, { x }, attributes) => {
  const value = cast(recorder, x!, computingType(x!));
  const { axis, exclusive, reverse } = readDirection(value, attributes);
  const layout = layoutOf(value);
  const { graph } = recorder;
  const along = graph.constant(Int32Array.of(layout.indexOf(axis)), [], 'int32');
  const name = graph.emit('CumSum', [recorder.operand(value, layout), along], {
    exclusive: Number(exclusive),
    reverse: Number(reverse),
  });
  return nodeValue(name, value.shape, value.type, layout);
};

/** ONNX has no running product: log₂ n products with the value moved by 1, 2, 4, … places (Hillis and Steele). */
const cumulativeProduct: Lowering = (recorder, { x }, attributes) => {
  const value = cast(recorder, x!, computingType(x!));
  const { axis, exclusive, reverse } = readDirection(value, attributes);
  const length = value.shape[axis]!;
  let product = exclusive ? moveAlong(recorder, value, { axis, places: 1, reverse }) : value;
  for (let places = 1; places < length; places *= 2) {
    const moved = moveAlong(recorder, product, { axis, places, reverse });
    product = recorder.elementwise('Mul', [product, moved], value.type);
  }
  return product;
};

/** `value` moved towards the end (the beginning, in reverse) of an axis, ones behind it. */
function moveAlong(
  recorder: Recorder,
  value: Value,
  { axis, places, reverse }: { readonly axis: number; readonly places: number; readonly reverse: boolean },
): Value {
  const resized = (length: number) => value.shape.map((whole, index) => (index === axis ? length : whole));
  const left = value.shape[axis]! - places;
  const ones = splatValue(1, resized(places), value.type);
  if (left <= 0) return splatValue(1, value.shape, value.type);
  const begin = value.shape.map((_, index) => (index === axis && reverse ? places : 0));
  const kept = slice(recorder, value, begin, resized(left));
  return concatenate(recorder, reverse ? [kept, ones] : [ones, kept], axis);
}

export const alongAxisLowerings: LoweringTable = {
  Softmax: softmax,
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  TopK: topK,
  Cumsum: cumulativeSum,
  Cumprod: cumulativeProduct,
};
