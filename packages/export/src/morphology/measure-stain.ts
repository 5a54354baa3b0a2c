// Haematoxylin and eosin inside a nucleus, by colour deconvolution (Ruifrok and Johnston, 2001).
import type { Box } from '@hovernet/core';
import type { ShapeMask } from '../shapes/shape-mask.js';

/** Mean and standard deviation of optical density over the pixels of a nucleus. */
export interface StainMeasures {
  readonly hematoxylinMean: number;
  readonly hematoxylinDeviation: number;
  readonly eosinMean: number;
  readonly eosinDeviation: number;
}

/** Shares of red, green and blue density: columns of the inverse of the stains' vectors, those of scikit-image's `rgb2hed`. */
const hematoxylin = [1.8779827368521356, -0.06590806222356334, -0.6019073634392891] as const;
const eosin = [-1.0076786862855642, 1.1347303724996625, -0.4804141884970579] as const;

/** −log₁₀ of the share of light; black counts as 1 of 255. */
const densities = Float64Array.from({ length: 256 }, (_, value) => -Math.log10(Math.max(1, value) / 255));

/** Measures the pixels of `mask` in `pixels`, RGB of the image's part `box`. */
export function measureStain(mask: ShapeMask, { box: [left, top, right], pixels }: PixelWindow): StainMeasures {
  const { x0, y0, width, height, bits, area } = mask;
  let [h1, h2, e1, e2] = [0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    let from = 3 * ((y0 + y - top) * (right - left) + x0 - left);
    for (let at = (y + 1) * (width + 2) + 1, end = at + width; at < end; at++, from += 3) {
      if (bits[at] === 0) continue;
      const red = densities[pixels[from]!]!;
      const green = densities[pixels[from + 1]!]!;
      const blue = densities[pixels[from + 2]!]!;
      const h = Math.max(0, hematoxylin[0] * red + hematoxylin[1] * green + hematoxylin[2] * blue);
      const e = Math.max(0, eosin[0] * red + eosin[1] * green + eosin[2] * blue);
      h1 += h;
      h2 += h * h;
      e1 += e;
      e2 += e * e;
    }
  }
  const deviation = (sum: number, squares: number) => Math.sqrt(Math.max(0, squares / area - (sum / area) ** 2));
  return {
    hematoxylinMean: h1 / area,
    hematoxylinDeviation: deviation(h1, h2),
    eosinMean: e1 / area,
    eosinDeviation: deviation(e1, e2),
  };
}

/** Part of an image. */
export interface PixelWindow {
  readonly box: Box;
  /** RGB, row by row. */
  readonly pixels: Uint8Array;
}
