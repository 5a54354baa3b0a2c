// Where one nucleus ends and the next begins: there the HoVer maps fall from +1 to −1, against their slope inside a nucleus.
import { planeView, toContiguous, type HoverMaps } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { createDerivativeKernels, derivativeScale, visitDerivativeRows } from './derivative.js';
import { packForeground, unpackValues, type Foreground } from './foreground.js';
import { findRange, type ValueRange } from './normalize-range.js';
import { assertPlane, maskElements, planeSize, wrapPlane, type Mask } from './planes.js';

export interface ComputeBorderMapOptions {
  /** Size of the derivative kernel, odd, at least 3. @default 21 */
  readonly kernelSize?: number;
  /**
   * What the HoVer maps and their slopes are scaled by. `tile`: their ranges over the whole plane, as both references, so that
   * a border depends on what else the plane shows. `fixed`: −1…1, and from the fall of a step from 1 to −1 to two thirds of
   * it as a rise, so that a border of 0.4 is where the maps begin to fall. @default 'tile'
   */
  readonly normalization?: 'tile' | 'fixed';
}

/**
 * `[height, width]`, float32, 0…1: how steeply the HoVer maps fall inside the mask (1: as nowhere else in the plane), 0 outside.
 * `hoverMaps`: `[2, height, width]`, finite. A constant map counts as border everywhere, so that it gives no markers
 * (MONAI raises). Graham et al. 2019, section 3.2.
 */
export function computeBorderMap(
  hoverMaps: HoverMaps,
  mask: Mask,
  options: ComputeBorderMapOptions = {},
): NdArray<Float32Array> {
  const [height, width] = planeSize('computeBorderMap: mask', mask);
  assertPlane('computeBorderMap: hoverMaps', planeView(hoverMaps, 0), height, width);
  const foreground = packForeground(maskElements('computeBorderMap', mask), height, width);
  return wrapPlane(unpackValues(foreground, measureBorder(hoverMaps, foreground, options)), height, width);
}

/** {@link computeBorderMap} for packed pixels. */
export function measureBorder(
  hoverMaps: HoverMaps,
  foreground: Foreground,
  options: ComputeBorderMapOptions = {},
): Float32Array {
  const border = new Float32Array(foreground.count);
  const slopes = new Float64Array(foreground.count);
  raiseBorder(border, slopes, measureSlopes(slopes, toContiguous(planeView(hoverMaps, 0)), foreground, 'x', options));
  raiseBorder(border, slopes, measureSlopes(slopes, toContiguous(planeView(hoverMaps, 1)), foreground, 'y', options));
  return border;
}

/** Fills `slopes` with the slopes inside and returns the range that they are scaled by; both times the same factor. */
function measureSlopes(
  slopes: Float64Array,
  plane: Float32Array,
  foreground: Foreground,
  axis: 'x' | 'y',
  { kernelSize = 21, normalization = 'tile' }: ComputeBorderMapOptions,
): ValueRange {
  const { height, width, rowOffset, start, end, offset } = foreground;
  const isFixed = normalization === 'fixed';
  const found = findRange(plane, 'segmentNuclei: hv');
  const range = isFixed && found.max > found.min ? { min: -1, max: 1 } : found;
  let min = Infinity;
  let max = -Infinity;
  visitDerivativeRows({ plane, height, width, range }, { axis, kernelSize }, (row, y) => {
    // Local, because a variable of the function around costs a store for each pixel.
    let [lowest, highest] = [min, max];
    for (let x = 0; x < width; x++) {
      lowest = Math.min(lowest, row[x]!);
      highest = Math.max(highest, row[x]!);
    }
    [min, max] = [lowest, highest];
    for (let run = rowOffset[y]!; run < rowOffset[y + 1]!; run++) {
      let at = offset[run]!;
      for (let x = start[run]!; x < end[run]!; x++) slopes[at++] = row[x]!;
    }
  });
  return isFixed && max > min ? fixedRange(kernelSize) : { min, max };
}

/** The steepest fall, and two thirds of it as a rise, in the unit of rows of {@link visitDerivativeRows}. */
function fixedRange(kernelSize: number): ValueRange {
  const { half } = createDerivativeKernels(kernelSize).difference;
  const steepest = half.reduce((sum, tap) => sum + tap, 0) / derivativeScale({ kernelSize });
  return { min: -steepest, max: (2 / 3) * steepest };
}

/** border = max(border, 1 − slope scaled to 0…1); a plane without slope is border everywhere. */
function raiseBorder(border: Float32Array, slopes: Float64Array, { min, max }: ValueRange): void {
  const extent = max - min;
  for (let i = 0; i < border.length; i++) {
    const fall = extent > 0 ? Math.min(1, 1 - Math.fround((slopes[i]! - min) / extent)) : 1;
    if (fall > border[i]!) border[i] = fall;
  }
}
