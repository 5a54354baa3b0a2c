// Linear maps along rows and columns of images, as matrix products: their gradients are matrix products, hence deterministic.
import * as tf from '@tensorflow/tfjs';

/** A dense matrix, row after row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Matrix with element (row, column) = `coefficients(row)[column]` summed over the given `[column, value]` pairs. */
export function createMatrix(
  rows: number,
  columns: number,
  coefficients: (row: number) => readonly (readonly [column: number, value: number])[],
): Matrix {
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (const [column, value] of coefficients(row)) data[row * columns + column]! += value;
  }
  return { rows, columns, data };
}

/** The transposed matrix. */
export function transposeMatrix(matrix: Matrix): Matrix {
  const { rows, columns, data } = matrix;
  const transposed = Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
  return { rows: columns, columns: rows, data: transposed };
}

/**
 * Replaces every plane X `[H, W]` of every image and channel by `vertical · X · horizontalᵀ`.
 *
 * @param x `[N, H, W, C]`
 * @param vertical `[H', H]`, mixes rows
 * @param horizontal `[W', W]`, mixes columns
 * @returns `[N, H', W', C]`
 */
export function multiplyPlanes(x: tf.Tensor4D, vertical: Matrix, horizontal: Matrix): tf.Tensor4D {
  return tf.tidy(() => {
    const planes = tf.transpose(x, [0, 3, 1, 2]);
    const rowsDone = tf.matMul(toTensor(vertical), planes);
    const done = tf.matMul(rowsDone, toTensor(transposeMatrix(horizontal)));
    return tf.transpose(done, [0, 2, 3, 1]) as tf.Tensor4D;
  });
}

function toTensor(matrix: Matrix): tf.Tensor4D {
  return tf.tensor4d(matrix.data, [1, 1, matrix.rows, matrix.columns]);
}
