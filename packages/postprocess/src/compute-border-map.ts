// Where one nucleus ends and the next begins: there the HoVer maps fall from +1 to −1, against their slope inside a nucleus.
import { planeView, type HoverMaps } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { computeDerivative } from './derivative.js';
import { findRange, normalizeRange } from './normalize-range.js';
import { assertPlane, maskElements, planeSize, realElements, wrapPlane, type Float64Map, type Mask } from './planes.js';

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
  for (const [channel, axis] of [
    [0, 'x'],
    [1, 'y'],
  ] as const) {
    const plane = normalizeRange(planeView(hoverMaps, channel));
    raiseBorder(border, computeDerivative(plane, { axis, kernelSize: options.kernelSize ?? 21 }), inside);
  }
  return wrapPlane(border, height, width);
}

/** border = max(border, 1 − gradient scaled to 0…1) inside the mask. */
function raiseBorder(border: Float32Array, gradient: Float64Map, inside: Uint8Array): void {
  const slope = realElements(gradient);
  const { min, max } = findRange(slope);
  const extent = max - min;
  for (let i = 0; i < border.length; i++) {
    if (inside[i] === 0) continue;
    const fall = extent > 0 ? 1 - Math.fround((slope[i]! - min) / extent) : 1;
    if (fall > border[i]!) border[i] = fall;
  }
}
