// Which pixels are nucleus.
import { type Reference, ShapeError, toContiguous } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { wrapPlane, type Mask } from './planes.js';

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
