// Which pixels are nucleus, and which class they have.
import { ShapeError, toContiguous, type LabelMap, type Reference, type TypeMap } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { assertPlane, wrapPlane, type Mask } from './planes.js';

export interface ThresholdLogitsOptions {
  /** Equal logits are background for `monai` (argmax), nucleus for `hover_net` (probability ≥ 0.5). @default 'monai' */
  readonly reference?: Reference;
}

/**
 * Mask of the pixels whose foreground logit wins. `logits`: `[2, height, width]`, float32: background, foreground. Logits are
 * compared themselves, not their rounded softmax: differs from the references where they are within about 1e-7.
 */
export function thresholdLogits(logits: NdArray<Float32Array>, options: ThresholdLogitsOptions = {}): Mask {
  const [channels, height, width] = logits.shape as [number, number, number];
  if (logits.dimension !== 3 || channels !== 2) {
    throw new ShapeError('thresholdLogits', '[2, height, width]', `[${logits.shape.join(', ')}]`);
  }
  const data = toContiguous(logits);
  const size = height * width;
  const mask = new Uint8Array(size);
  if (options.reference === 'hover_net') {
    for (let i = 0; i < size; i++) mask[i] = data[size + i]! >= data[i]! ? 1 : 0;
  } else {
    for (let i = 0; i < size; i++) mask[i] = data[size + i]! > data[i]! ? 1 : 0;
  }
  return wrapPlane(mask, height, width);
}

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
