// A slide at the resolution that somebody wants.
import {
  ArgumentError,
  createRgbImage,
  toContiguous,
  type Box,
  type RegionSource,
  type RgbImage,
} from '@hovernet/core';
import type { SlideLevel, SlideReader } from '../slide-reader.js';
import { findTissue } from '../tissue/find-tissue.js';
import { applyColorTable, createColorTable, measureColors, type ColorStatistics } from './match-colors.js';
import { createTissueTest, dilateMask, type TissueMask } from '../tissue/tissue-mask.js';
import { chooseLevel } from '../resample/choose-level.js';
import { resampleBox } from '../resample/resample-source.js';

/** What is found by colour counts as tissue this much further, because its border is pale. Cells of the mask. */
const marginCells = 4;

export interface RegionOptions {
  /** Micrometres per pixel of the source. */
  readonly mpp: number;
  /** Micrometres per pixel of the slide's level 0, where the file states none or a wrong one. @default what the file states */
  readonly slideMpp?: number | undefined;
  /** Where tissue is: found by its colour, everywhere, or as a mask says. @default 'find' */
  readonly tissue?: 'find' | 'everywhere' | TissueMask | undefined;
  /** Colours that the slide's tissue is brought to, as `measureColors` gives them of another. @default the slide's own */
  readonly colorMatch?: ColorStatistics | undefined;
  /** Aborts the search for tissue. @default none */
  readonly signal?: AbortSignal | undefined;
}

/**
 * `slide` at `mpp` micrometres per pixel, from the smallest level that is as fine. A pixel depends on its position alone, never on the
 * box that it is read in; boxes may leave the image, which is white outside. Closing it leaves `slide` open.
 * @throws ArgumentError where neither the file nor `slideMpp` says the slide's resolution.
 */
export async function openRegionSource(slide: SlideReader, options: RegionOptions): Promise<RegionSource> {
  const { mpp, slideMpp, tissue = 'find', colorMatch, signal } = options;
  const [base] = slide.levels as [SlideLevel];
  const [mppX, mppY] = slideMpp === undefined ? readMpp(slide) : [slideMpp, slideMpp];
  const width = Math.max(1, Math.round((base.width * mppX) / mpp));
  const height = Math.max(1, Math.round((base.height * mppY) / mpp));
  const level = chooseLevel(slide.levels, [width, height]);
  const { width: levelWidth, height: levelHeight } = slide.levels[level]!;
  const mask =
    tissue === 'find' ? dilateMask(await findTissue(slide, { slideMpp: mppX, signal }), marginCells) : tissue;
  const isStored = levelWidth === width && levelHeight === height;
  const readInside = async (box: Box, signal?: AbortSignal): Promise<RgbImage> => {
    if (isStored) return slide.readRegion(level, box, signal);
    const scale = { from: [levelWidth, levelHeight], to: [width, height] } as const;
    return resampleBox(box, scale, (part) => slide.readRegion(level, part, signal));
  };
  const source: RegionSource = {
    width,
    height,
    mpp,
    async read(box, signal) {
      const [x0, y0, x1, y1] = box;
      const inside: Box = [Math.max(0, x0), Math.max(0, y0), Math.min(width, x1), Math.min(height, y1)];
      if (inside.every((side, i) => side === box[i])) return readInside(box, signal);
      const image = createRgbImage(y1 - y0, x1 - x0);
      image.data.fill(255);
      if (inside[0] >= inside[2] || inside[1] >= inside[3]) return image;
      const part = toContiguous(await readInside(inside, signal));
      const partBytes = 3 * (inside[2] - inside[0]);
      for (let y = inside[1]; y < inside[3]; y++) {
        const row = part.subarray((y - inside[1]) * partBytes, (y - inside[1] + 1) * partBytes);
        image.data.set(row, 3 * ((y - y0) * (x1 - x0) + inside[0] - x0));
      }
      return image;
    },
    toSlide: ([x, y]) => [((x + 0.5) * base.width) / width - 0.5, ((y + 0.5) * base.height) / height - 0.5],
    hasTissue: mask === 'everywhere' ? () => true : createTissueTest(mask, [width, height]),
    close: () => Promise.resolve(),
  };
  return colorMatch ? matchSource(source, colorMatch) : source;
}

/** White outside stays white. */
async function matchSource(source: RegionSource, reference: ColorStatistics): Promise<RegionSource> {
  const own = await measureColors(source, reference.space);
  if (!own) return source;
  const table = createColorTable(own, reference);
  const { width, height } = source;
  return {
    ...source,
    async read(box, signal) {
      const image = await source.read(box, signal);
      const matched = createRgbImage(image.shape[0]!, image.shape[1]!, applyColorTable(toContiguous(image), table));
      const [x0, y0, x1, y1] = box;
      if (x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height) return matched;
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          if (x >= 0 && y >= 0 && x < width && y < height) continue;
          const at = 3 * ((y - y0) * (x1 - x0) + x - x0);
          matched.data.fill(255, at, at + 3);
        }
      }
      return matched;
    },
  };
}

function readMpp({ name, mpp }: SlideReader): readonly [number, number] {
  if (mpp) return mpp;
  throw new ArgumentError(`${name}: states no resolution from 0.05 to 10 µm per pixel; give --mpp`);
}
