// Labels without gaps.
import { assertLabelMap, toContiguous, type LabelMap } from '@hovernet/core';
import { wrapPlane } from './planes.js';

/** New `[height, width]` map whose positive labels became 1…n in ascending order; the rest is 0. Linear, for labels of any size. */
export function compactLabels(map: LabelMap): LabelMap {
  assertLabelMap('compactLabels', map);
  const [height, width] = map.shape as [number, number];
  const labels = toContiguous(map);
  const numbers = new Map<number, number>();
  let previous = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label > 0 && label !== previous) numbers.set(label, 0);
    previous = label;
  }
  [...numbers.keys()].sort((a, b) => a - b).forEach((label, index) => numbers.set(label, index + 1));
  const compact = new Int32Array(labels.length);
  let number = 0;
  previous = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label !== previous) number = numbers.get(label) ?? 0;
    compact[i] = number;
    previous = label;
  }
  return wrapPlane(compact, height, width);
}
