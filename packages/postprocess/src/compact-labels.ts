// Labels without gaps.
import { assertLabelMap, copyArray, type LabelMap } from '@hovernet/core';
import { findGreatest, forEachSegment } from './label-segments.js';
import { wrapPlane } from './planes.js';

/** New `[height, width]` map whose positive labels became 1…n in ascending order; the rest is 0. Linear, for labels of any size. */
export function compactLabels(map: LabelMap): LabelMap {
  assertLabelMap('compactLabels', map);
  const [height, width] = map.shape as [number, number];
  const compact = copyArray(map).data;
  for (let i = 0; i < compact.length; i++) if (compact[i]! < 0) compact[i] = 0;
  renumberLabels(compact, width);
  return wrapPlane(compact, height, width);
}

/** Renumbers the labels of a plane without negative ones. */
export function renumberLabels(labels: Int32Array, width: number): void {
  const numbers = findGreatest(labels) <= labels.length ? numberInTable(labels, width) : numberInMap(labels, width);
  forEachSegment(labels, width, (label, _y, start, end, first) => {
    labels.fill(numbers(label), first, first + end - start);
  });
}

type NumberOf = (label: number) => number;

function numberInTable(labels: Int32Array, width: number): NumberOf {
  const numbers = new Int32Array(findGreatest(labels) + 1);
  forEachSegment(labels, width, (label) => (numbers[label] = 1));
  for (let label = 0, count = 0; label < numbers.length; label++) if (numbers[label] === 1) numbers[label] = ++count;
  return (label) => numbers[label]!;
}

/** For labels that a table would be too long for. */
function numberInMap(labels: Int32Array, width: number): NumberOf {
  const found = new Set<number>();
  forEachSegment(labels, width, (label) => found.add(label));
  const numbers = new Map([...found].sort((a, b) => a - b).map((label, index) => [label, index + 1]));
  return (label) => numbers.get(label)!;
}
