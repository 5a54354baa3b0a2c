// Kernels about indices and classes, composed of comparisons and scattering: one-hot, histograms, segment sums, search.
import * as tf from '@tensorflow/tfjs';
import { composite, type Composition } from './composite.js';
import type { LoweringTable } from './types.js';

/** onValue where an index equals its place along a new last axis; indices outside of it match nowhere. */
const oneHot: Composition = ({ indices }, attributes) => {
  const { depth, onValue, offValue } = attributes as { depth: number; onValue: number; offValue: number };
  const dtype = attributes['dtype'] as tf.DataType;
  const hit = tf.equal(tf.expandDims(indices!, -1), tf.range(0, depth, 1, 'int32'));
  if (onValue === 1 && offValue === 0) return tf.cast(hit, dtype);
  return tf.cast(tf.where(hit, tf.scalar(onValue), tf.scalar(offValue)), dtype);
};

/** Sum of the slices of `x` that each segment has; slices whose segment does not exist are in none. */
const unsortedSegmentSum: Composition = ({ x, segmentIds }, attributes) => {
  const count = attributes['numSegments'] as number;
  const sums = tf.scatterND(tf.expandDims(clampToSpare(segmentIds!, count), 1), tf.cast(x!, 'float32'), [
    count + 1,
    ...x!.shape.slice(1),
  ]);
  return tf.slice(sums, 0, count);
};

/** Indices with the spare one, `count`, in place of those outside of 0 … count − 1. */
function clampToSpare(indices: tf.Tensor, count: number): tf.Tensor {
  const spare = tf.scalar(count, 'int32');
  const exists = tf.logicalAnd(tf.greaterEqual(indices, tf.scalar(0, 'int32')), tf.less(indices, spare));
  return tf.where(exists, indices, spare);
}

/** How often (or with what weight) each number occurs in a vector, or in each row of a matrix. */
const bincount: Composition = ({ x, weights }, attributes) => {
  const { size, binaryOutput = false } = attributes as { size: number; binaryOutput?: boolean };
  const rows = x!.rank === 2 ? x!.shape[0]! : 1;
  const amounts = weights!.size > 0 && !binaryOutput ? weights! : tf.ones(x!.shape, weights!.dtype as 'int32');
  const within = clampToSpare(tf.reshape(x!, [rows, x!.size / rows]), size);
  const row = tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(size + 1, 'int32'));
  const places = tf.reshape(tf.add(within, tf.expandDims(row, 1)), [x!.size, 1]);
  const flat = tf.scatterND(places, tf.reshape(amounts, [x!.size]), [rows * (size + 1)]);
  const counts = tf.slice(tf.reshape(flat, [rows, size + 1]), [0, 0], [rows, size]);
  const shaped = x!.rank === 2 ? counts : tf.reshape(counts, [size]);
  return binaryOutput ? tf.cast(tf.minimum(shaped, tf.onesLike(shaped)), weights!.dtype) : shaped;
};

/** Where each value would be put into its row of a sorted sequence: as many elements are smaller ('right': or equal). */
const searchSorted: Composition = ({ sortedSequence, values }, { side }) => {
  const sequence = tf.expandDims(sortedSequence!, 1);
  const wanted = tf.expandDims(values!, 2);
  const before = side === 'left' ? tf.less(sequence, wanted) : tf.lessEqual(sequence, wanted);
  return tf.sum(before, 2);
};

/** The elements of `x` on the diagonal of a square. */
const diagonal: Composition = ({ x }) => {
  const flat = tf.reshape(x!, [x!.size]);
  const onDiagonal = tf.cast(tf.eye(x!.size), 'bool');
  const square = tf.where(onDiagonal, tf.expandDims(flat, 1), tf.zeros([], flat.dtype as 'int32'));
  return tf.reshape(square, [...x!.shape, ...x!.shape]);
};

/** The shape that two shapes broadcast to. */
const broadcastArgs: Composition = ({ s0, s1 }) => {
  const rank = Math.max(s0!.size, s1!.size);
  const [a, b] = [s0!, s1!].map((shape) => tf.pad(tf.cast(shape, 'int32'), [[rank - shape.size, 0]], 1));
  return tf.where(tf.equal(a!, tf.scalar(1, 'int32')), b!, a!);
};

export const countingLowerings: LoweringTable = {
  OneHot: composite(oneHot),
  UnsortedSegmentSum: composite(unsortedSegmentSum),
  Bincount: composite(bincount),
  DenseBincount: composite(bincount),
  SearchSorted: composite(searchSorted),
  Diag: composite(diagonal),
  BroadcastArgs: composite(broadcastArgs),
};
