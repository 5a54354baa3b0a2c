// Where a slide shows tissue, on a grid much coarser than its pixels.
import type { Box, RgbImage } from '@hovernet/core';

/** The grid spans the whole slide, whatever its size. */
export interface TissueMask {
  readonly width: number;
  readonly height: number;
  /** 1 for tissue, 0 for glass; row by row. */
  readonly data: Uint8Array;
}

/** Tissue wherever `image`, which shows the whole slide, is not black. */
export function maskFromImage(image: RgbImage): TissueMask {
  const [height, width] = image.shape as [number, number];
  const data = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      data[i] = image.get(y, x, 0) || image.get(y, x, 1) || image.get(y, x, 2) ? 1 : 0;
    }
  }
  return { width, height, data };
}

/** Share of the grid that is tissue, 0…1. */
export function tissueShare({ data }: TissueMask): number {
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

/** The mask with tissue up to `radius` cells further along rows, columns and both. */
export function dilateMask({ width, height, data }: TissueMask, radius: number): TissueMask {
  const grow = (values: Uint8Array, length: number, step: number, starts: readonly number[]) => {
    const target = new Uint8Array(values.length);
    for (const start of starts) {
      for (let i = 0; i < length; i++) {
        if (values[start + i * step] === 0) continue;
        const end = Math.min(length - 1, i + radius);
        for (let k = Math.max(0, i - radius); k <= end; k++) target[start + k * step] = 1;
      }
    }
    return target;
  };
  const rows = Array.from({ length: height }, (_, y) => y * width);
  const columns = Array.from({ length: width }, (_, x) => x);
  return { width, height, data: grow(grow(data, width, 1, rows), height, width, columns) };
}

/** Answers whether any cell that a box touches is tissue, in constant time; boxes are in pixels of `[width, height]`, the slide's size. */
export function createTissueTest(mask: TissueMask, [width, height]: readonly [number, number]): (box: Box) => boolean {
  const stride = mask.width + 1;
  const sums = new Uint32Array(stride * (mask.height + 1));
  for (let y = 0; y < mask.height; y++) {
    let row = 0;
    for (let x = 0; x < mask.width; x++) {
      row += mask.data[y * mask.width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  return ([x0, y0, x1, y1]) => {
    const left = Math.max(0, Math.floor((x0 * mask.width) / width));
    const top = Math.max(0, Math.floor((y0 * mask.height) / height));
    const right = Math.min(mask.width, Math.ceil((x1 * mask.width) / width));
    const bottom = Math.min(mask.height, Math.ceil((y1 * mask.height) / height));
    if (left >= right || top >= bottom) return false;
    const at = (x: number, y: number) => sums[y * stride + x]!;
    return at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top) > 0;
  };
}
