// Where one nucleus ends and the next begins: there the HoVer maps fall from +1 to −1, against their slope inside a nucleus.
import { planeView, toContiguous, type HoverMaps } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { createDerivativeFilter } from './derivative.js';
import { findRange } from './normalize-range.js';
import { assertPlane, maskElements, planeSize, wrapPlane, type Mask } from './planes.js';
import { filterRows, type ReadRow } from './separable-filter.js';

export interface ComputeBorderMapOptions {
  /** Size of the derivative kernel, odd, at least 3. @default 21 */
  readonly kernelSize?: number;
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
  const inside = maskElements('computeBorderMap', mask);
  const border = new Float32Array(height * width);
  const slope = new Float64Array(height * width);
  const channels = [
    [0, 'x'],
    [1, 'y'],
  ] as const;
  for (const [channel, axis] of channels) {
    const filter = createDerivativeFilter({ axis, kernelSize: options.kernelSize ?? 21 });
    const plane = toContiguous(planeView(hoverMaps, channel));
    filterRows(slope, normalizedRows(plane, width), [height, width], filter);
    raiseBorder(border, slope, inside);
  }
  return wrapPlane(border, height, width);
}

/** Rows of what normalizeRange would give. */
function normalizedRows(plane: Float32Array, width: number): ReadRow {
  const { min, max } = findRange(plane);
  const extent = max - min || Infinity;
  return (row, y) => {
    let from = y * width;
    for (let x = 0; x < row.length; x++) row[x] = Math.fround((plane[from++]! - min) / extent);
  };
}

/** border = max(border, 1 − slope scaled to 0…1) inside the mask. */
function raiseBorder(border: Float32Array, slope: Float64Array, inside: Uint8Array): void {
  const { min, max } = findRange(slope);
  const extent = max - min;
  for (let i = 0; i < border.length; i++) {
    if (inside[i] === 0) continue;
    const fall = extent > 0 ? 1 - Math.fround((slope[i]! - min) / extent) : 1;
    if (fall > border[i]!) border[i] = fall;
  }
}
