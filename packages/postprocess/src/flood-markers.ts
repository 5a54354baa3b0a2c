// Marker-controlled watershed in the order of scikit-image, without lines between regions.
import { assertLabelMap, toContiguous, type LabelMap } from '@hovernet/core';
import { FloodQueue } from './flood-queue.js';
import { assertPlane, maskElements, planeSize, realElements, wrapPlane, type Mask, type RealMap } from './planes.js';

/**
 * Grows every marker over the mask, lowest `landscape` first, until regions meet: `[height, width]` labels of the markers.
 * Pixels wait in a queue ordered by value, then by arrival; a popped pixel labels its unlabelled neighbours above, left, right
 * and below, in this order. Parts of the mask without a marker stay 0, as do markers outside the mask. Among seeds of equal
 * value the first in raster order goes first (scikit-image: as its heap happens to lie). All three: `[height, width]`; the
 * landscape holds no NaN. O(n log n) in the pixels of the mask at worst, near linear in practice.
 */
export function floodMarkers(landscape: RealMap, markers: LabelMap, mask: Mask): LabelMap {
  assertLabelMap('floodMarkers: markers', markers);
  const [height, width] = planeSize('floodMarkers: mask', mask);
  assertPlane('floodMarkers: landscape', landscape, height, width);
  assertPlane('floodMarkers: markers', markers, height, width);
  const labels = seedLabels(toContiguous(markers), maskElements('floodMarkers', mask));
  if (labels.length > 0) flood(labels, realElements(landscape), width);
  for (let i = 0; i < labels.length; i++) if (labels[i] === unlabelled) labels[i] = 0;
  return wrapPlane(labels, height, width);
}

/** Pixels of the mask that no region has reached yet. */
const unlabelled = -1;

function seedLabels(markers: Int32Array, inside: Uint8Array): Int32Array {
  const labels = new Int32Array(markers.length);
  for (let i = 0; i < labels.length; i++) {
    if (inside[i] !== 0) labels[i] = markers[i]! > 0 ? markers[i]! : unlabelled;
  }
  return labels;
}

function flood(labels: Int32Array, values: Float32Array | Float64Array, width: number): void {
  const queue = new FloodQueue();
  const lastRow = labels.length - width;
  const lastColumn = width - 1;

  // A pixel that leads nowhere is not queued: popping it would do nothing.
  const enqueue = (i: number, x: number): void => {
    const leadsOn =
      (x > 0 && labels[i - 1] === unlabelled) ||
      (x < lastColumn && labels[i + 1] === unlabelled) ||
      (i >= width && labels[i - width] === unlabelled) ||
      (i < lastRow && labels[i + width] === unlabelled);
    if (leadsOn) queue.push(values[i]!, i);
  };
  const spread = (label: number, i: number, x: number): void => {
    if (labels[i] !== unlabelled) return;
    labels[i] = label;
    enqueue(i, x);
  };

  for (let i = 0, x = 0; i < labels.length; i++) {
    if (labels[i]! > 0) enqueue(i, x);
    if (++x === width) x = 0;
  }
  while (queue.size > 0) {
    const i = queue.pop();
    const label = labels[i]!;
    const x = i % width;
    if (i >= width) spread(label, i - width, x);
    if (x > 0) spread(label, i - 1, x - 1);
    if (x < lastColumn) spread(label, i + 1, x + 1);
    if (i < lastRow) spread(label, i + width, x);
  }
}
