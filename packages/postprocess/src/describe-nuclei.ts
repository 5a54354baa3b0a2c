// Nuclei of a label map.
import { toContiguous, type LabelMap, type Nucleus, type TypeMap } from '@hovernet/core';
import { chooseType } from './choose-type.js';
import { forEachSegment } from './label-segments.js';
import { measureRegions, type PixelClasses } from './measure-regions.js';
import { wrapPlane } from './planes.js';
import { traceContour } from './trace-contour.js';

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
