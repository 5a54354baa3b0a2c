// Area, box, coordinate sums, first pixel and class counts of every label, in one pass over the map.
import { ArgumentError, assertLabelMap, toContiguous, type LabelMap, type TypeMap } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { assertLogits, findClass } from './classify-pixels.js';
import { findGreatest, forEachSegment } from './compact-labels.js';
import { assertPlane } from './planes.js';

/** Measurements indexed by label, 0…`maxLabel`; those of absent labels have area 0. Box ends are exclusive. */
export interface RegionMeasurements {
  readonly maxLabel: number;
  readonly area: Int32Array;
  readonly x0: Int32Array;
  readonly y0: Int32Array;
  readonly x1: Int32Array;
  readonly y1: Int32Array;
  /** Divided by the area: the exact mean of the coordinates. */
  readonly sumX: Float64Array;
  readonly sumY: Float64Array;
  /** Raster index of the first pixel. */
  readonly first: Int32Array;
  /** `classCount[label · classes + class]` pixels; empty without classes. */
  readonly classCount: Int32Array;
  /** One more than the greatest class of the class map, or the number of logits; 0 without classes. */
  readonly classes: number;
}

/** Where the class of each pixel comes from, at most one of both. */
export interface PixelClasses {
  /** Class of each pixel, `[height, width]`. */
  readonly classMap?: TypeMap | undefined;
  /**
   * Logits `[classes, height, width]`, float32: a pixel has the class that {@link classifyPixels} would give it. No class map
   * is made, and only the pixels of regions are looked at.
   */
  readonly classLogits?: NdArray<Float32Array> | undefined;
}

/**
 * Measures every positive label of `map` `[height, width]` and counts the classes in each. Linear in pixels and in the greatest
 * label. @throws ShapeError, ArgumentError if both a class map and logits are given.
 */
export function measureRegions(map: LabelMap, pixelClasses: PixelClasses = {}): RegionMeasurements {
  assertLabelMap('measureRegions', map);
  const [height, width] = map.shape as [number, number];
  const labels = toContiguous(map);
  const regions = createMeasurements(findGreatest(labels), pixelClasses, [height, width]);
  const { area, x0, y0, x1, y1, sumX, sumY, first } = regions;
  const countClasses = createClassCounter(regions, pixelClasses);
  forEachSegment(labels, width, (label, y, start, end, at) => {
    const length = end - start;
    if (area[label] === 0) {
      first[label] = at;
      x0[label] = start;
      y0[label] = y;
    }
    if (start < x0[label]!) x0[label] = start;
    if (end > x1[label]!) x1[label] = end;
    y1[label] = y + 1;
    area[label]! += length;
    sumX[label]! += ((start + end - 1) * length) / 2;
    sumY[label]! += y * length;
    countClasses?.(label, at, at + length);
  });
  return regions;
}

function createMeasurements(
  maxLabel: number,
  { classMap, classLogits }: PixelClasses,
  [height, width]: readonly [height: number, width: number],
): RegionMeasurements {
  if (classMap && classLogits) throw new ArgumentError('measureRegions: expected classMap or classLogits, got both');
  if (classMap) assertPlane('measureRegions: classMap', classMap, height, width);
  if (classLogits) assertLogits('measureRegions: classLogits', classLogits, [height, width]);
  const classes = classLogits ? classLogits.shape[0]! : classMap ? findGreatest(toContiguous(classMap)) + 1 : 0;
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
    classCount: new Int32Array((maxLabel + 1) * classes),
    classes,
  };
}

/** Adds the classes of the pixels [from, to) to those of a label. */
type CountClasses = (label: number, from: number, to: number) => void;

function createClassCounter(
  { classCount, classes }: RegionMeasurements,
  { classMap, classLogits }: PixelClasses,
): CountClasses | undefined {
  if (classMap) {
    const map = toContiguous(classMap);
    return (label, from, to) => {
      for (let i = from; i < to; i++) classCount[label * classes + map[i]!]!++;
    };
  }
  if (!classLogits) return undefined;
  const logits = toContiguous(classLogits);
  const size = logits.length / classes;
  return (label, from, to) => {
    for (let i = from; i < to; i++) classCount[label * classes + findClass(logits, i, size)]!++;
  };
}
