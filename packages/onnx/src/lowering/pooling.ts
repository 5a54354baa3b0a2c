// Maximum and average pooling over planes and volumes.
import * as tf from '@tensorflow/tfjs';
import { sizeOf, type Layout } from '../layout.js';
import type { Recorder } from '../recorder.js';
import { constantValue, nodeValue, type Value } from '../value.js';
import { composite } from './composite.js';
import { multiply } from './arithmetic.js';
import { cast } from './elementwise.js';
import type { Lowering, LoweringTable } from './types.js';
import { endOf, isCut, readPoolGeometry, readTaps, type WindowGeometry } from './window.js';

/** Layout of [batch, …, channels] with the channels before the spatial axes. */
export function channelsFirst(rank: number): Layout {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 1)];
}

/** Window padding as ONNX Runtime takes it; undefined where it refuses, which is where it is more than a window. */
function readPads(geometry: WindowGeometry): number[] | undefined {
  const end = endOf(geometry).map((amount) => Math.max(0, amount));
  const { begin, kernel } = geometry;
  const allowed = kernel.every((size, axis) => begin[axis]! < size && end[axis]! < size);
  return allowed && !isCut(geometry) ? [...begin, ...end] : undefined;
}

function emitPool(recorder: Recorder, op: string, value: Value, geometry: WindowGeometry, pads: number[]): Value {
  const layout = channelsFirst(value.shape.length);
  const input = keepFromPad(recorder, recorder.operand(value, layout));
  const name = recorder.graph.emit(op, [input], { kernel_shape: geometry.kernel, strides: geometry.strides, pads });
  return nodeValue(name, [value.shape[0]!, ...geometry.outputSize, value.shape.at(-1)!], 'float32', layout);
}

/**
 * ONNX Runtime (1.30) joins Pad and pooling: zeros count as −∞ then, and more of them than a window end in an error. A node
 * in between, which changes nothing, keeps the two apart.
 */
export function keepFromPad({ graph, padOutputs }: Recorder, name: string): string {
  return padOutputs.has(name) ? graph.emit('Max', [name, graph.scalar(-Infinity)]) : name;
}

function leavesUnchanged({ kernel, inputSize, outputSize }: WindowGeometry): boolean {
  return sizeOf(kernel) === 1 && outputSize.every((size, axis) => size === inputSize[axis]);
}

/** Largest element of each tap's; for types and paddings that MaxPool does not take. */
const maximumOfTaps = composite(({ x }, attributes) => {
  const fill = x!.dtype === 'float32' ? -Infinity : -(2 ** 31);
  return readTaps(x!, readPoolGeometry(x!.shape, attributes), fill).reduce((a, b) => tf.maximum(a, b));
});

const maxPool: Lowering = (recorder, { x }, attributes) => {
  const geometry = readPoolGeometry(x!.shape, attributes);
  if (leavesUnchanged(geometry)) return x!;
  const pads = x!.type === 'float32' ? readPads(geometry) : undefined;
  return pads ? emitPool(recorder, 'MaxPool', x!, geometry, pads) : maximumOfTaps(recorder, { x: x! }, attributes);
};

/** Mean of the elements that lie within the input: padding does not count. */
const avgPool: Lowering = (recorder, { x }, attributes) => {
  const geometry = readPoolGeometry(x!.shape, attributes);
  if (leavesUnchanged(geometry)) return x!;
  const value = cast(recorder, x!, 'float32');
  const pads = readPads(geometry);
  if (pads) return cast(recorder, emitPool(recorder, 'AveragePool', value, geometry, pads), x!.type);
  const sum = composite((inputs) => tf.addN(readTaps(inputs['value']!, geometry)))(recorder, { value }, {}) as Value;
  return cast(recorder, multiply(recorder, sum, inverseCounts(geometry)), x!.type);
};

/** 1 over the elements of each window within the input, `[1, …outputSize, 1]`; in a plane none give NaN, in a volume 0. */
function inverseCounts(geometry: WindowGeometry): Value {
  const { inputSize, outputSize, kernel, strides, begin } = geometry;
  const counts = outputSize.map((size, axis) =>
    Array.from({ length: size }, (_, place) => {
      const from = place * strides[axis]! - begin[axis]!;
      return Math.max(0, Math.min(inputSize[axis]!, from + kernel[axis]!) - Math.max(0, from));
    }),
  );
  const products = counts.reduce((all, axis) => all.flatMap((product) => axis.map((count) => product * count)), [1]);
  const least = kernel.length === 3 ? 1 : 0;
  const factors = Float32Array.from(products, (count) => 1 / Math.max(least, count));
  return constantValue(factors, [1, ...outputSize, 1], 'float32');
}

export const poolingLowerings: LoweringTable = {
  MaxPool: maxPool,
  AvgPool: avgPool,
  MaxPool3D: (recorder, inputs, attributes) =>
    cast(recorder, maxPool(recorder, inputs, attributes) as Value, 'float32'),
  AvgPool3D: (recorder, inputs, attributes) =>
    cast(recorder, avgPool(recorder, inputs, attributes) as Value, 'float32'),
};
