// Area, box, coordinate sums, first pixel and class counts of every label, in one pass over the map.
import { assertLabelMap, toContiguous, type LabelMap, type TypeMap } from '@hovernet/core';
import { assertPlane } from './planes.js';

/** Measurements indexed by label, 0…`maxLabel`; those of absent labels have area 0. Box ends are exclusive. */
export interface RegionMeasurements {
  readonly maxLabel: number;
  readonly area: Int32Array;
  readonly x0: Int32Array;
  readonly y0: Int32Array;
  readonly x1: Int32Array;
  readonly y1: Int32Array;
  readonly sumX: Float64Array;
  readonly sumY: Float64Array;
  /** Raster index of the first pixel. */
  readonly first: Int32Array;
  /** `classCount[label · classes + class]` pixels; empty without a class map. */
  readonly classCount: Int32Array;
  /** One more than the greatest class of the class map; 0 without one. */
  readonly classes: number;
}

export interface MeasureRegionsOptions {
  /** Class of each pixel, `[height, width]`, to be counted in each region. */
  readonly classMap?: TypeMap | undefined;
}

/** Measures every positive label of `map` `[height, width]`. Linear in pixels and in the greatest label. */
export function measureRegions(map: LabelMap, options: MeasureRegionsOptions = {}): RegionMeasurements {
  assertLabelMap('measureRegions', map);
  const { classMap } = options;
  const [height, width] = map.shape as [number, number];
  if (classMap) assertPlane('measureRegions: classMap', classMap, height, width);
  const labels = toContiguous(map);
  const regions = createMeasurements(greatest(labels));
  const { area, x0, y0, x1, y1, sumX, sumY, first } = regions;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = labels[i]!;
      if (label <= 0) continue;
      if (area[label]!++ === 0) {
        first[label] = i;
        x0[label] = x;
        y0[label] = y;
      } else if (x < x0[label]!) x0[label] = x;
      if (x >= x1[label]!) x1[label] = x + 1;
      y1[label] = y + 1;
      sumX[label]! += x;
      sumY[label]! += y;
    }
  }
  return classMap ? { ...regions, ...countClasses(labels, toContiguous(classMap), regions.maxLabel) } : regions;
}

function createMeasurements(maxLabel: number): RegionMeasurements {
  const integers = () => new Int32Array(maxLabel + 1);
  return {
    maxLabel,
    area: integers(),
    x0: integers(),
    y0: integers(),
    x1: integers(),
    y1: integers(),
    sumX: new Float64Array(maxLabel + 1),
    sumY: new Float64Array(maxLabel + 1),
    first: integers(),
    classCount: new Int32Array(0),
    classes: 0,
  };
}

function countClasses(labels: Int32Array, classMap: Uint8Array, maxLabel: number) {
  const classes = greatest(classMap) + 1;
  const classCount = new Int32Array((maxLabel + 1) * classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label > 0) classCount[label * classes + classMap[i]!]!++;
  }
  return { classCount, classes };
}

function greatest(values: Int32Array | Uint8Array): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > max) max = values[i]!;
  return max;
}
