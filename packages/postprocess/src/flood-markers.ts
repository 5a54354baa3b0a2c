// Marker-controlled watershed in the order of scikit-image, without lines between regions.
import { assertLabelMap, copyArray, type LabelMap } from '@hovernet/core';
import type { ReadLandscape } from './compute-distance-map.js';
import { contested, listContested, type Region } from './contested-regions.js';
import { type FloodGrid, floodRegion, unlabelled } from './flood-region.js';
import { forEachRun, packForeground, type Foreground } from './foreground.js';
import { assertPlane, maskElements, planeSize, realElements, wrapPlane, type Mask, type RealMap } from './planes.js';
import { connectRuns, type RunComponents } from './runs.js';

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
  const foreground = packForeground(maskElements('floodMarkers', mask), height, width);
  const labels = copyArray(markers).data;
  floodForeground(labels, foreground, createPlaneReader(realElements(landscape), width));
  return wrapPlane(labels, height, width);
}

/**
 * Turns the plane of markers `labels` into that of the regions. Parts of the mask do not touch, so each is flooded alone, and
 * one with a single marker needs no landscape.
 */
export function floodForeground(labels: Int32Array, foreground: Foreground, readLandscape: ReadLandscape): void {
  clearOutside(labels, foreground);
  const components = connectRuns(foreground, 4);
  const labelOf = findOnlyLabels(labels, foreground, components);
  let run = 0;
  forEachRun(foreground, (first, end) => {
    const label = labelOf[components.component[run++]!]!;
    if (label !== contested) labels.fill(label, first, end);
  });
  for (const region of listContested(foreground, components, labelOf)) {
    const grid = createGrid(labels, foreground, region, readLandscape);
    floodRegion(grid);
    writeGrid(labels, foreground, region, grid);
  }
}

function createPlaneReader(plane: Float32Array | Float64Array, planeWidth: number): ReadLandscape {
  return ([x0, y0, x1, y1]) => {
    const values = new Float64Array((y1 - y0) * (x1 - x0));
    for (let y = y0; y < y1; y++) {
      values.set(plane.subarray(y * planeWidth + x0, y * planeWidth + x1), (y - y0) * (x1 - x0));
    }
    return values;
  };
}

/** Holes that were filled in markers are no part of the mask. */
function clearOutside(labels: Int32Array, foreground: Foreground): void {
  let outside = 0;
  forEachRun(foreground, (first, end) => {
    labels.fill(0, outside, first);
    outside = end;
  });
  labels.fill(0, outside);
}

/** The marker of each component, 0 if it has none, {@link contested} if it has several. */
function findOnlyLabels(labels: Int32Array, foreground: Foreground, { component, count }: RunComponents): Int32Array {
  const labelOf = new Int32Array(count);
  let run = 0;
  forEachRun(foreground, (first, end) => {
    const own = component[run++]!;
    for (let i = first, known = labelOf[own]!; i < end && known !== contested; i++) {
      const label = labels[i]!;
      if (label <= 0 || label === known) continue;
      known = labelOf[own] = known === 0 ? label : contested;
    }
  });
  return labelOf;
}

/** The box of `region` with a frame of one pixel of background. */
function createGrid(labels: Int32Array, foreground: Foreground, region: Region, read: ReadLandscape): FloodGrid {
  const [x0, y0, x1, y1] = region.box;
  const width = x1 - x0 + 2;
  const grid = { labels: new Int32Array(width * (y1 - y0 + 2)), values: read(region.box), width };
  visitRuns(foreground, region, width, (from, to, length) => {
    for (let k = 0; k < length; k++) grid.labels[to + k] = labels[from + k]! > 0 ? labels[from + k]! : unlabelled;
  });
  return grid;
}

function writeGrid(labels: Int32Array, foreground: Foreground, region: Region, grid: FloodGrid): void {
  visitRuns(foreground, region, grid.width, (from, to, length) => {
    labels.set(grid.labels.subarray(to, to + length), from);
  });
}

/** Calls `visit` with where each run begins in the plane and in the grid, and its length. */
function visitRuns(
  { width, start, end }: Foreground,
  { box: [x0, y0], runs, rows }: Region,
  gridWidth: number,
  visit: (from: number, to: number, length: number) => void,
): void {
  for (let k = 0; k < runs.length; k++) {
    const [run, y] = [runs[k]!, rows[k]!];
    const to = (y - y0 + 1) * gridWidth + start[run]! - x0 + 1;
    visit(y * width + start[run]!, to, end[run]! - start[run]!);
  }
}
