// Class of each pixel.
import { ShapeError, toContiguous, type LabelMap, type TypeMap } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { assertPlane, wrapPlane } from './planes.js';

export interface ClassifyPixelsOptions {
  /** Only its positive pixels are classified, the others are 0; `[height, width]`. All pixels by default. */
  readonly within?: LabelMap;
}

/**
 * Index of the greatest logit of each pixel, the lowest of equal ones. `logits`: `[classes, height, width]`, float32, at most
 * 256 classes. Logits are compared themselves, not their rounded softmax.
 */
export function classifyPixels(logits: NdArray<Float32Array>, options: ClassifyPixelsOptions = {}): TypeMap {
  assertLogits('classifyPixels', logits);
  const [, height, width] = logits.shape as [number, number, number];
  const { within } = options;
  if (within) assertPlane('classifyPixels: within', within, height, width);
  const labels = within && toContiguous(within);
  const data = toContiguous(logits);
  const size = height * width;
  const winners = new Uint8Array(size);
  for (let i = 0; i < size; i++) if (!labels || labels[i]! > 0) winners[i] = findClass(data, i, size);
  return wrapPlane(winners, height, width);
}

/** Index of the greatest of logits[i], logits[i + size], …, the lowest of equal ones. */
export function findClass(logits: Float32Array, i: number, size: number): number {
  let winner = 0;
  let greatest = logits[i]!;
  for (let at = i + size, c = 1; at < logits.length; at += size, c++) {
    if (logits[at]! > greatest) {
      greatest = logits[at]!;
      winner = c;
    }
  }
  return winner;
}

/** Throws a ShapeError unless `logits` is `[1…256, height, width]`. */
export function assertLogits(
  operation: string,
  logits: NdArray<Float32Array>,
  [height, width]: readonly [height?: number, width?: number] = [],
): void {
  const [classes, rows, columns] = logits.shape;
  const fits = (wanted: number | undefined, got: number | undefined) => wanted === undefined || wanted === got;
  if (logits.dimension === 3 && classes! >= 1 && classes! <= 256 && fits(height, rows) && fits(width, columns)) return;
  const expected = `[1…256 classes, ${height ?? 'height'}, ${width ?? 'width'}]`;
  throw new ShapeError(operation, expected, `[${logits.shape.join(', ')}]`);
}
