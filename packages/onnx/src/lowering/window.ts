// Windows that slide over the spatial axes of [batch, …, channels] tensors: their geometry, their taps, and the adjoint.
import * as tf from '@tensorflow/tfjs';
import type { KernelAttributes } from './types.js';

/** One entry for each spatial axis. */
export interface WindowGeometry {
  readonly inputSize: readonly number[];
  readonly outputSize: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Places of the first window before the first element; negative where elements are skipped. */
  readonly begin: readonly number[];
}

/** Geometry of a pooling kernel over [batch, height, width, channels] or [batch, depth, height, width, channels]. */
export function readPoolGeometry(inputShape: readonly number[], attributes: KernelAttributes): WindowGeometry {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as {
    filterSize: [number, number, number];
    strides: [number, number, number];
    pad: 'same';
    dimRoundingMode?: 'floor';
  };
  if (inputShape.length === 4) {
    const shape = [...inputShape] as [number, number, number, number];
    const sizes = [filterSize, strides] as unknown as [[number, number], [number, number]];
    return readPlanes(tf.backend_util.computePool2DInfo(shape, ...sizes, 1, pad, dimRoundingMode));
  }
  const shape = [...inputShape] as [number, number, number, number, number];
  return readVolumes(tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode));
}

/** Geometry of windows over two axes. */
export function readPlanes(info: tf.backend_util.Conv2DInfo): WindowGeometry {
  return {
    inputSize: [info.inHeight, info.inWidth],
    outputSize: [info.outHeight, info.outWidth],
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    begin: [info.padInfo.top, info.padInfo.left],
  };
}

/** Geometry of windows over three axes. */
export function readVolumes(info: tf.backend_util.Conv3DInfo): WindowGeometry {
  return {
    inputSize: [info.inDepth, info.inHeight, info.inWidth],
    outputSize: [info.outDepth, info.outHeight, info.outWidth],
    kernel: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    begin: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  };
}

/** Places of the last window after the last element, for each axis; negative where elements are left over. */
export function endOf(geometry: WindowGeometry): number[] {
  return coveredSize(geometry).map((covered, axis) => covered - geometry.inputSize[axis]! - geometry.begin[axis]!);
}

/**
 * Whether the windows are fewer than fit, or begin after the first element. TensorFlow.js computes the width of an output
 * with the height's kernel and stride where the padding is a number, and 'same' can skip elements between volumes.
 */
export function isCut(geometry: WindowGeometry): boolean {
  const end = endOf(geometry);
  return geometry.strides.some((stride, axis) => geometry.begin[axis]! < 0 || end[axis]! <= -stride);
}

/** Elements from the first of the first window to the last of the last. */
function coveredSize({ outputSize, kernel, strides, dilations }: WindowGeometry): number[] {
  return outputSize.map((size, axis) => (size - 1) * strides[axis]! + (kernel[axis]! - 1) * dilations[axis]! + 1);
}

/** `x` padded with `fill`, or cut, so that the windows cover it exactly. */
export function fitToWindows(x: tf.Tensor, geometry: WindowGeometry, fill = 0): tf.Tensor {
  return padOrCut(x, { before: geometry.begin, after: endOf(geometry), fill });
}

/** `x` with so many places more before and after each spatial axis, or fewer where the number is negative. */
function padOrCut(
  x: tf.Tensor,
  {
    before,
    after,
    fill,
  }: { readonly before: readonly number[]; readonly after: readonly number[]; readonly fill: number },
): tf.Tensor {
  const cutBegin = [0, ...before.map((amount) => Math.max(0, -amount)), 0];
  const cutEnd = [0, ...after.map((amount) => Math.max(0, -amount)), 0];
  const size = x.shape.map((length, axis) => length - cutBegin[axis]! - cutEnd[axis]!);
  const around = before.map((amount, axis): [number, number] => [Math.max(0, amount), Math.max(0, after[axis]!)]);
  return tf.pad(tf.slice(x, cutBegin, size), [[0, 0], ...around, [0, 0]], fill);
}

/** Offsets of the taps of a window, in the order of the filter's elements. */
export function tapOffsets({ kernel, dilations }: WindowGeometry): number[][] {
  return kernel.reduce<number[][]>(
    (offsets, size, axis) =>
      offsets.flatMap((offset) => Array.from({ length: size }, (_, tap) => [...offset, tap * dilations[axis]!])),
    [[]],
  );
}

/** For every tap what it meets in each window, `[batch, …outputSize, channels]`; `fill` outside of `x`. */
export function readTaps(x: tf.Tensor, geometry: WindowGeometry, fill = 0): tf.Tensor[] {
  const fitted = fitToWindows(x, geometry, fill);
  const { outputSize, strides } = geometry;
  return tapOffsets(geometry).map((offset) => {
    const end = offset.map((from, axis) => from + (outputSize[axis]! - 1) * strides[axis]! + 1);
    const [batch, channels] = [fitted.shape[0]!, fitted.shape.at(-1)!];
    return tf.stridedSlice(fitted, [0, ...offset, 0], [batch, ...end, channels], [1, ...strides, 1]);
  });
}

/** The adjoint of {@link readTaps}: what each tap has for each window, added up where the tap met the input. */
export function addTaps(taps: readonly tf.Tensor[], geometry: WindowGeometry): tf.Tensor {
  const covered = coveredSize(geometry);
  const placed = tapOffsets(geometry).map((offset, index) => {
    const spread = geometry.strides.reduce((part, stride, axis) => spreadAxis(part, axis + 1, stride), taps[index]!);
    const after = covered.map((size, axis) => size - offset[axis]! - spread.shape[axis + 1]!);
    return padOrCut(spread, { before: offset, after, fill: 0 });
  });
  return cutToInput(tf.addN(placed), geometry);
}

/** The input's part of what the windows cover; zeros where no window meets the input. */
export function cutToInput(covered: tf.Tensor, geometry: WindowGeometry): tf.Tensor {
  const negate = (amounts: readonly number[]) => amounts.map((amount) => -amount);
  return padOrCut(covered, { before: negate(geometry.begin), after: negate(endOf(geometry)), fill: 0 });
}

/** `x` with `stride − 1` zeros between neighbours along an axis. */
function spreadAxis(x: tf.Tensor, axis: number, stride: number): tf.Tensor {
  const length = x.shape[axis]!;
  if (stride === 1 || length === 1) return x;
  const column = tf.expandDims(x, axis + 1);
  const padded = tf.pad(
    column,
    column.shape.map((_, index): [number, number] => [0, index === axis + 1 ? stride - 1 : 0]),
  );
  const spread = tf.reshape(
    padded,
    x.shape.map((whole, index) => (index === axis ? length * stride : whole)),
  );
  return tf.slice(
    spread,
    x.shape.map(() => 0),
    x.shape.map((whole, index) => (index === axis ? (length - 1) * stride + 1 : whole)),
  );
}
