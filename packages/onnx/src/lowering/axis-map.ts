// Linear maps along one axis, as products with constant matrices: deterministic, and their adjoints are products too.
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../layout.js';

/**
 * `matrix` [n, m] times every vector of `x` [batch, …, channels] along an axis of length m other than the batch. Works on
 * the value with its channels first, so that nothing is transposed where they lie so.
 */
export function mapAxis(x: tf.Tensor, axis: number, matrix: tf.Tensor2D): tf.Tensor {
  const [rows, columns] = matrix.shape;
  const last = x.rank - 1;
  const order = [0, last, ...Array.from({ length: last - 1 }, (_, index) => index + 1)];
  const moved = tf.transpose(x, order);
  const place = order.indexOf(axis);
  const before = moved.shape.slice(0, place);
  const after = moved.shape.slice(place + 1);
  const product =
    sizeOf(after) === 1
      ? tf.matMul(tf.reshape(moved, [sizeOf(before), columns]), matrix, false, true)
      : tf.matMul(tf.expandDims(matrix, 0), tf.reshape(moved, [sizeOf(before), columns, sizeOf(after)]));
  const back = order.map((_, index) => order.indexOf(index));
  return tf.transpose(tf.reshape(product, [...before, rows, ...after]), back);
}

/** Matrix with row i = Σ value · unit vector `column` over the `[column, value]` pairs of `coefficients(i)`. */
export function createMatrix(
  [rows, columns]: readonly [rows: number, columns: number],
  coefficients: (row: number) => readonly (readonly [column: number, value: number])[],
): tf.Tensor2D {
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (const [column, value] of coefficients(row)) data[row * columns + column]! += value;
  }
  return tf.tensor2d(data, [rows, columns]);
}
