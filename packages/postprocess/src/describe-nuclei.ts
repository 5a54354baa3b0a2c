// Nuclei of a label map.
import {
  ArgumentError,
  assertLabelMap,
  toContiguous,
  type LabelMap,
  type Nucleus,
  type Point,
  type TypeMap,
} from '@hovernet/core';
import { forEachSegment } from './compact-labels.js';
import { measureRegions, type PixelClasses } from './measure-regions.js';
import { wrapPlane } from './planes.js';

/**
 * One nucleus for each positive label of `instanceMap` `[height, width]`, ascending: box, exact mean, outer contour (of the
 * 8-connected part with the first pixel, if a label has several parts), majority type (null without classes). Linear in pixels and the greatest label.
 */
export function describeNuclei(instanceMap: LabelMap, pixelClasses: PixelClasses = {}): Nucleus[] {
  const regions = measureRegions(instanceMap, pixelClasses);
  const { area, x0, y0, x1, y1, sumX, sumY, first, classCount, classes } = regions;
  const nuclei: Nucleus[] = [];
  for (let id = 1; id <= regions.maxLabel; id++) {
    const pixels = area[id]!;
    if (pixels === 0) continue;
    const choice = classes > 0 ? chooseType(classCount.subarray(id * classes, (id + 1) * classes)) : null;
    nuclei.push({
      id,
      box: [x0[id]!, y0[id]!, x1[id]!, y1[id]!],
      centroid: [sumX[id]! / pixels, sumY[id]! / pixels],
      contour: traceContour(instanceMap, first[id]!),
      type: choice?.type ?? null,
      typeProbability: choice?.probability ?? null,
    });
  }
  return nuclei;
}

/** `[height, width]` map of the type of each nucleus on its pixels of `instanceMap`; 0 elsewhere and where the type is null. */
export function paintTypes(instanceMap: LabelMap, nuclei: readonly Nucleus[]): TypeMap {
  const [height, width] = instanceMap.shape as [number, number];
  const labels = toContiguous(instanceMap);
  const typeOf = new Uint8Array(nuclei.reduce((greatest, { id }) => Math.max(greatest, id), 0) + 1);
  for (const { id, type } of nuclei) typeOf[id] = type ?? 0;
  const types = new Uint8Array(labels.length);
  forEachSegment(labels, width, (label, _y, start, end, first) => {
    types.fill(typeOf[label] ?? 0, first, first + end - start);
  });
  return wrapPlane(types, height, width);
}

/** A class and the share of the pixels that have it. */
export interface TypeChoice {
  readonly type: number;
  readonly probability: number;
}

/**
 * The most frequent class other than background, the lowest of equally frequent ones; background (0) only where no other
 * occurs. The probability is count / (area + 1e-6), as in both references. `counts[class]`: pixels of each class.
 */
export function chooseType(counts: ArrayLike<number>): TypeChoice {
  let area = counts[0] ?? 0;
  let type = 0;
  let count = 0;
  for (let c = 1; c < counts.length; c++) {
    area += counts[c]!;
    if (counts[c]! > count) {
      count = counts[c]!;
      type = c;
    }
  }
  return { type, probability: (type === 0 ? area : count) / (area + 1e-6) };
}

/** Directions 0…7 counter-clockwise on the screen from right: →, ↗, ↑, ↖, ←, ↙, ↓, ↘. */
const stepX = Int8Array.of(1, 1, 0, -1, -1, -1, 0, 1);
const stepY = Int8Array.of(0, -1, -1, -1, 0, 1, 1, 1);

/**
 * Outer border of the 8-connected region of equal labels that holds `start`, the raster index of that region's first pixel
 * (topmost, then leftmost). Points (x, y) are pixels of the region, beginning at `start`, counter-clockwise on the screen;
 * straight runs are compressed to their ends. One point for a single pixel, two for a straight line. Cost: its length.
 * @throws ArgumentError if `start` is outside the map or on background.
 */
export function traceContour(map: LabelMap, start: number): Point[] {
  assertLabelMap('traceContour', map);
  const [height, width] = map.shape as [number, number];
  const { data, offset } = map;
  const [strideY, strideX] = map.stride as [number, number];
  const startX = start % width;
  const startY = (start - startX) / width;
  const label = data[offset + startY * strideY + startX * strideX];
  if (!Number.isInteger(start) || !label || start < 0) {
    throw new ArgumentError(`traceContour: expected the raster index of a labelled pixel, got ${start}`);
  }
  const isInside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[offset + y * strideY + x * strideX] === label;

  // The last pixel of the border is the first neighbour met clockwise from the left.
  let direction = 4;
  do direction = (direction + 7) & 7;
  while (direction !== 4 && !isInside(startX + stepX[direction]!, startY + stepY[direction]!));
  if (direction === 4) return [[startX, startY]];

  const lastX = startX + stepX[direction]!;
  const lastY = startY + stepY[direction]!;
  const contour: Point[] = [];
  let x = startX;
  let y = startY;
  let arrival = direction ^ 4;
  for (;;) {
    do direction = (direction + 1) & 7;
    while (!isInside(x + stepX[direction]!, y + stepY[direction]!));
    if (direction !== arrival) contour.push([x, y]);
    const nextX = x + stepX[direction]!;
    const nextY = y + stepY[direction]!;
    if (nextX === startX && nextY === startY && x === lastX && y === lastY) return contour;
    x = nextX;
    y = nextY;
    arrival = direction;
    direction ^= 4;
  }
}
