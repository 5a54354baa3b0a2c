// Morphological opening of a mask: erosion, then dilation, by a round element.
import { ArgumentError } from '@hovernet/core';
import { maskElements, planeSize, wrapPlane, type Mask } from './planes.js';
import { findRuns } from './runs.js';

export interface OpenMaskOptions {
  /** @default 2 */
  readonly radiusPx?: number;
  /**
   * `disk`: pixels at most `radiusPx` away (13 of them for 2; scikit-image, MONAI). `ellipse`: OpenCV's
   * MORPH_ELLIPSE of size 2 · radius + 1 (17 for 2; the original). @default 'disk'
   */
  readonly element?: 'disk' | 'ellipse';
}

/**
 * New mask: `mask` without the parts that the element does not fit into. The outside of the plane does not erode, which
 * for these elements is the same as the references' reflected edge.
 */
export function openMask(mask: Mask, options: OpenMaskOptions = {}): Mask {
  const { radiusPx = 2, element = 'disk' } = options;
  if (!Number.isInteger(radiusPx) || radiusPx < 0) {
    throw new ArgumentError(`openMask: expected radiusPx, an integer ≥ 0, got ${radiusPx}`);
  }
  const [height, width] = planeSize('openMask', mask);
  const halfWidths = element === 'disk' ? diskHalfWidths(radiusPx) : ellipseHalfWidths(radiusPx);
  const eroded = new Uint8Array(height * width).fill(1);
  paintWidened(eroded, 0, maskElements('openMask', mask), height, width, halfWidths);
  const opened = new Uint8Array(height * width);
  paintWidened(opened, 1, eroded, height, width, halfWidths);
  return wrapPlane(opened, height, width);
}

/** Half width of each row of the element, from −radius to radius; a row covers 2 · half + 1 pixels. */
function diskHalfWidths(radius: number): number[] {
  return elementRows(radius, (dy) => Math.floor(Math.sqrt(radius * radius - dy * dy)));
}

function ellipseHalfWidths(radius: number): number[] {
  return elementRows(radius, (dy) => roundHalfEven(Math.sqrt(radius * radius - dy * dy)));
}

function elementRows(radius: number, halfWidth: (dy: number) => number): number[] {
  return Array.from({ length: 2 * radius + 1 }, (_, row) => halfWidth(row - radius));
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/** Puts the element on every pixel of `source` that equals `value` and writes `value` to what it covers in `target`. */
function paintWidened(
  target: Uint8Array,
  value: 0 | 1,
  source: Uint8Array,
  height: number,
  width: number,
  halfWidths: readonly number[],
): void {
  const runs = findRuns(source, height, width, value === 1);
  const radius = (halfWidths.length - 1) / 2;
  for (let y = 0; y < height; y++) {
    const last = runs.rowOffset[y + 1]!;
    for (let dy = -radius; dy <= radius; dy++) {
      const row = (y + dy) * width;
      if (y + dy < 0 || y + dy >= height) continue;
      const half = halfWidths[dy + radius]!;
      for (let run = runs.rowOffset[y]!; run < last; run++) {
        const start = row + Math.max(runs.start[run]! - half, 0);
        const end = row + Math.min(runs.end[run]! + half, width);
        // Most runs are too short to pay for the call.
        if (end - start > 32) target.fill(value, start, end);
        else for (let i = start; i < end; i++) target[i] = value;
      }
    }
  }
}
