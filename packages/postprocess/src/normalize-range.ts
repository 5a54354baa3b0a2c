// Min–max normalisation.
import { ArgumentError } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { planeSize, realElements, wrapPlane, type RealMap } from './planes.js';

/** Smallest and largest element; null of an empty plane. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/**
 * (value − min) / (max − min) of a plane `[height, width]`, rounded to float32 as in both references: 0…1, all 0 where the
 * plane is constant (MONAI raises). @throws ArgumentError on NaN and infinities.
 */
export function normalizeRange(plane: RealMap): NdArray<Float32Array> {
  const [height, width] = planeSize('normalizeRange', plane);
  const source = realElements(plane);
  const result = new Float32Array(source.length);
  const { min, max } = findRange(source, 'normalizeRange');
  const extent = max - min;
  if (extent > 0) for (let i = 0; i < source.length; i++) result[i] = (source[i]! - min) / extent;
  return wrapPlane(result, height, width);
}

/** Range of the elements, [0, 0] of none. `operation` opens the error's message. @throws ArgumentError on NaN and infinities. */
export function findRange(values: Float32Array | Float64Array, operation = 'findRange'): ValueRange {
  if (values.length === 0) return { min: 0, max: 0 };
  let min = Infinity;
  let max = -Infinity;
  // Unlike comparisons, these keep a NaN, and no branch depends on the values.
  for (let i = 0; i < values.length; i++) {
    min = Math.min(min, values[i]!);
    max = Math.max(max, values[i]!);
  }
  if (!Number.isFinite(min) || !Number.isFinite(max)) throw notFinite(operation);
  return { min, max };
}

export function notFinite(operation: string): ArgumentError {
  return new ArgumentError(
    `${operation}: expected finite values, got NaN or an infinity; if a network gave them, check its weights or use float32`,
  );
}
