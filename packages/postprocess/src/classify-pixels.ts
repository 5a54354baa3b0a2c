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
  const [classes, height, width] = logits.shape as [number, number, number];
  if (logits.dimension !== 3 || classes < 1 || classes > 256) {
    throw new ShapeError('classifyPixels', '[1…256 classes, height, width]', `[${logits.shape.join(', ')}]`);
  }
  const { within } = options;
  if (within) assertPlane('classifyPixels: within', within, height, width);
  const labels = within && toContiguous(within);
  const data = toContiguous(logits);
  const size = height * width;
  const winners = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    if (labels && labels[i]! <= 0) continue;
    let winner = 0;
    let greatest = data[i]!;
    for (let c = 1, at = i + size; c < classes; c++, at += size) {
      if (data[at]! > greatest) {
        greatest = data[at]!;
        winner = c;
      }
    }
    winners[i] = winner;
  }
  return wrapPlane(winners, height, width);
}
