// Labels without gaps.
import { assertLabelMap, toContiguous, type LabelMap } from '@hovernet/core';
import { forEachSegment } from './label-segments.js';
import { wrapPlane } from './planes.js';

/** New `[height, width]` map whose positive labels became 1…n in ascending order; the rest is 0. Linear, for labels of any size. */
export function compactLabels(map: LabelMap): LabelMap {
  assertLabelMap('compactLabels', map);
  const [height, width] = map.shape as [number, number];
  const labels = toContiguous(map);
  const found = new Set<number>();
  forEachSegment(labels, width, (label) => found.add(label));
  const numbers = new Map([...found].sort((a, b) => a - b).map((label, index) => [label, index + 1]));
  const compact = new Int32Array(labels.length);
  forEachSegment(labels, width, (label, _y, start, end, first) => {
    compact.fill(numbers.get(label)!, first, first + end - start);
  });
  return wrapPlane(compact, height, width);
}

/** Numbers the labels of a plane, all of which are in `present`, ascending, 1…n in their order. */
export function renumberLabels(labels: Int32Array, width: number, present: readonly number[]): void {
  const numbers = new Int32Array((present.at(-1) ?? 0) + 1);
  present.forEach((label, index) => (numbers[label] = index + 1));
  forEachSegment(labels, width, (label, _y, start, end, first) => {
    labels.fill(numbers[label]!, first, first + end - start);
  });
}
