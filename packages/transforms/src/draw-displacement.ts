// A smooth random displacement of every pixel (Simard, Steinkraus and Platt 2003, doi:10.1109/ICDAR.2003.1227801).
import ndarray, { type NdArray } from 'ndarray';
import { ArgumentError, type Random } from '@hovernet/core';
import { drawNormal } from './draw-normal.js';

/** `[2, height, width]` float32: by how many pixels each pixel is displaced along the rows' and the columns' axis. */
export type DisplacementField = NdArray<Float32Array>;

export interface ElasticParameters {
  /** How far displacements are alike: standard deviation of the Gaussian that smooths them, pixels, 1 or more. */
  readonly sigmaPx: number;
  /**
   * Standard deviation of the displacement along each axis, pixels, 0 or more (in the paper a factor whose effect depends
   * on sigma). More than a third of `sigmaPx` folds the image over itself.
   */
  readonly alphaPx: number;
}

/** Reach of the Gaussian in standard deviations. */
const reach = 4;
const tapCount = 2 * reach + 1;

/**
 * White noise smoothed by a Gaussian, independently for both axes. The noise lies on a lattice of one point per standard
 * deviation instead of one per pixel, which leaves the covariance as it is to 1e-4 and costs O(pixels), whatever sigma.
 *
 * @throws ArgumentError if a parameter is out of its range.
 */
export function drawDisplacement(
  random: Random,
  shape: readonly [height: number, width: number],
  parameters: ElasticParameters,
): DisplacementField {
  const { sigmaPx, alphaPx } = parameters;
  if (!(sigmaPx >= 1 && sigmaPx < Infinity && alphaPx >= 0 && alphaPx < Infinity)) {
    const got = JSON.stringify(parameters);
    throw new ArgumentError(`drawDisplacement: expected sigmaPx of 1 or more and alphaPx of 0 or more, got ${got}`);
  }
  const [height, width] = shape;
  const [rows, columns] = [spreadAxis(height, sigmaPx), spreadAxis(width, sigmaPx)];
  const field = new Float32Array(2 * height * width);
  for (const plane of [0, 1]) {
    const noise = Float64Array.from({ length: rows.points * columns.points }, () => drawNormal(random));
    const widened = spreadColumns(noise, rows.points, columns, width);
    // Σ exp(−(x − k)²) over all integers k is √π to 1e-4, for both axes together π.
    const scale = alphaPx / Math.sqrt(Math.PI);
    spreadRows(widened, rows, scale, field.subarray(plane * height * width, (plane + 1) * height * width));
  }
  return ndarray(field, [2, height, width]);
}

/** Which lattice points act on each pixel of an axis, and how much. */
interface AxisSpread {
  /** Lattice points along the axis. */
  readonly points: number;
  /** For each pixel the first point that acts on it; the next `tapCount` − 1 do too. */
  readonly first: Int32Array;
  /** Their weights, `tapCount` for each pixel. */
  readonly weights: Float64Array;
}

/** Lattice point k lies at pixel (k − reach) · sigma. */
function spreadAxis(length: number, sigma: number): AxisSpread {
  const first = Int32Array.from({ length }, (_, pixel) => Math.ceil(pixel / sigma));
  const weights = new Float64Array(length * tapCount);
  for (let pixel = 0; pixel < length; pixel++) {
    for (let tap = 0; tap < tapCount; tap++) {
      const distance = first[pixel]! + tap - reach - pixel / sigma;
      weights[pixel * tapCount + tap] = Math.exp((-distance * distance) / 2);
    }
  }
  return { points: Math.ceil((length - 1) / sigma) + tapCount, first, weights };
}

/** Rows of lattice points → rows of pixels. */
function spreadColumns(noise: Float64Array, rowCount: number, columns: AxisSpread, width: number): Float64Array {
  const { points, first, weights } = columns;
  const widened = new Float64Array(rowCount * width);
  for (let row = 0; row < rowCount; row++) {
    for (let x = 0; x < width; x++) {
      const from = row * points + first[x]!;
      let sum = 0;
      for (let tap = 0; tap < tapCount; tap++) sum += weights[x * tapCount + tap]! * noise[from + tap]!;
      widened[row * width + x] = sum;
    }
  }
  return widened;
}

/** Columns of lattice points → columns of pixels, times `scale`. */
function spreadRows(widened: Float64Array, rows: AxisSpread, scale: number, plane: Float32Array): void {
  const { first, weights } = rows;
  const width = plane.length / first.length;
  for (let y = 0; y < first.length; y++) {
    const taps = weights.subarray(y * tapCount, (y + 1) * tapCount).map((weight) => scale * weight);
    for (let x = 0, from = first[y]! * width, to = y * width; x < width; x++, from++, to++) {
      let sum = 0;
      for (let tap = 0, at = from; tap < tapCount; tap++, at += width) sum += taps[tap]! * widened[at]!;
      plane[to] = sum;
    }
  }
}
