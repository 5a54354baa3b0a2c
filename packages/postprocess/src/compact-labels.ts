// Label maps as segments of equal labels in a row, and their renumbering to 1…n.
import { assertLabelMap, toContiguous, type LabelMap } from '@hovernet/core';
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

/** Pixels [start, end) of row `y` that have the same positive label; `first` is the raster index of the first one. */
export type VisitSegment = (label: number, y: number, start: number, end: number, first: number) => void;

/** Calls `visit` with every segment of a label map in C order, in raster order. */
export function forEachSegment(labels: Int32Array, width: number, visit: VisitSegment): void {
  for (let row = 0, y = 0; row < labels.length; row += width, y++) {
    const next = row + width;
    for (let i = row; i < next;) {
      const label = labels[i]!;
      if (label <= 0) {
        i++;
        continue;
      }
      const first = i;
      do i++;
      while (i < next && labels[i] === label);
      visit(label, y, first - row, i - row, first);
    }
  }
}

/** The greatest value, 0 of none. */
export function findGreatest(values: Int32Array | Uint8Array): number {
  let greatest = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > greatest) greatest = values[i]!;
  return greatest;
}
