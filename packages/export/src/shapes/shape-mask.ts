// The pixels of one nucleus.
import type { Box } from '@hovernet/core';

/** 1 on the pixels of a nucleus, 0 elsewhere, with one empty pixel around its box. Reused from nucleus to nucleus. */
export interface ShapeMask {
  /** First column and row of the box. */
  readonly x0: number;
  readonly y0: number;
  /** Sides of the box. */
  readonly width: number;
  readonly height: number;
  /** Pixel (x0 + x, y0 + y) is `bits[(y + 1) * (width + 2) + x + 1]`; what follows the last row is not defined. */
  readonly bits: Uint8Array;
  readonly area: number;
}

/** Ids of nuclei on the pixels of a box. */
export interface LabelWindow {
  readonly box: Box;
  /** Row by row. */
  readonly labels: Int32Array;
}

/** Copies the pixels with `id` inside `box`, which lies in `window`; the mask is valid until the next call. */
export function createMaskCutter(): (window: LabelWindow, id: number, box: Box) => ShapeMask {
  let bits = new Uint8Array(4096);
  return ({ box: [left, top, right], labels }, id, [x0, y0, x1, y1]) => {
    const [width, height] = [x1 - x0, y1 - y0];
    const stride = width + 2;
    const size = stride * (height + 2);
    if (size > bits.length) bits = new Uint8Array(2 * size);
    else bits.fill(0, 0, size);
    let area = 0;
    for (let y = 0; y < height; y++) {
      let from = (y0 + y - top) * (right - left) + x0 - left;
      let to = (y + 1) * stride + 1;
      for (const end = to + width; to < end; to++, from++) {
        if (labels[from] !== id) continue;
        bits[to] = 1;
        area++;
      }
    }
    return { x0, y0, width, height, bits, area };
  };
}
