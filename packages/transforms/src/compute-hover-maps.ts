// HoVer maps: each nucleus pixel's horizontal and vertical distance from its nucleus' centre, −1 at the left and upper
// edge, +1 at the right and lower edge (Graham et al. 2019, doi:10.1016/j.media.2019.101563). Two passes over runs.
import {
  assertLabelMap,
  createHoverMaps,
  toContiguous,
  type Box,
  type HoverMaps,
  type LabelMap,
  type Reference,
} from '@hovernet/core';
import { countAreas, measureExtents, type Extents } from './measure-extents.js';
import { centerBox, resolveRegion } from './region.js';
import { relabelInstances } from './relabel-instances.js';
import { scanRuns } from './scan-runs.js';

export interface HoverMapsOptions {
  /**
   * `monai`: distances from the exact mean of the pixels of each id. `hover_net`: ids are first split into 4-connected
   * components, distances are from one pixel left of and above the rounded mean, and nuclei too small inside the chosen
   * centre stay zero.
   * @default 'monai'
   */
  readonly reference?: Reference;
  /**
   * Part of the maps to compute; the result has its size. Centres and extents still come from the whole field.
   * @default the whole field
   */
  readonly region?: Box;
  /**
   * With `hover_net`: side in pixels of the centre crop inside which areas are counted.
   * @default the whole field
   */
  readonly choiceSizePx?: number;
  /**
   * With `hover_net`: nuclei with fewer pixels inside the chosen centre stay zero.
   * @default 30
   */
  readonly minimumAreaPx?: number;
}

/**
 * `instanceMap` `[height, width]`, any ids, gaps allowed → `[2, height, width]` float32, −1…1: horizontal, vertical;
 * background 0. Negative distances are divided by the largest negative one, positive by the largest positive one; an
 * extent of one pixel gives 0. In float64, rounded once, bit for bit as the references. O(pixels).
 *
 * @throws ShapeError unless `instanceMap` is int32 of rank 2, ArgumentError if the region leaves the field.
 */
export function computeHoverMaps(instanceMap: LabelMap, options: HoverMapsOptions = {}): HoverMaps {
  assertLabelMap('computeHoverMaps', instanceMap);
  const [height, width] = instanceMap.shape as [number, number];
  const region = resolveRegion('computeHoverMaps', instanceMap.shape, options.region);
  const isHoverNet = options.reference === 'hover_net';
  const labels = toContiguous(isHoverNet ? relabelInstances(instanceMap, { connectivity: 4 }) : instanceMap);
  const extents = measureExtents(labels, height, width);
  if (isHoverNet) {
    const { choiceSizePx, minimumAreaPx = 30 } = options;
    const choice = choiceSizePx === undefined ? undefined : centerBox(instanceMap.shape, choiceSizePx);
    const areas = countAreas(labels, width, resolveRegion('computeHoverMaps', instanceMap.shape, choice));
    for (const [id, extent] of extents) {
      if ((areas.get(id) ?? 0) < minimumAreaPx) extents.delete(id);
      else extents.set(id, shiftCenter(extent));
    }
  }
  return writeMaps(labels, width, region, extents);
}

/** The authors' centre: the rounded mean (halves up) of coordinates from 0, subtracted from coordinates from 1. */
function shiftCenter(extent: Extents): Extents {
  return {
    ...extent,
    centerRow: Math.floor(extent.centerRow + 0.5) - 1,
    centerColumn: Math.floor(extent.centerColumn + 0.5) - 1,
  };
}

function writeMaps(labels: Int32Array, width: number, region: Box, extents: Map<number, Extents>): HoverMaps {
  const [x0, y0, x1, y1] = region;
  const regionWidth = x1 - x0;
  const maps = createHoverMaps(y1 - y0, regionWidth);
  const values = maps.data;
  const plane = (y1 - y0) * regionWidth;
  scanRuns(labels, width, region, (row, start, end, id) => {
    const extent = extents.get(id);
    if (!extent) return;
    const { centerRow, centerColumn, rowMin, rowMax, columnMin, columnMax } = extent;
    const vertical = normalizeDistance(row - centerRow, centerRow - rowMin, rowMax - centerRow);
    const before = centerColumn - columnMin;
    const after = columnMax - centerColumn;
    const offset = (row - y0) * regionWidth - x0;
    for (let column = start; column < end; column++) {
      values[offset + column] = normalizeDistance(column - centerColumn, before, after);
      values[plane + offset + column] = vertical;
    }
  });
  return maps;
}

function normalizeDistance(distance: number, before: number, after: number): number {
  return distance < 0 ? distance / before : distance > 0 ? distance / after : 0;
}
