// Tissue by Otsu's threshold (1979) on saturation. Glass is believed to be glass only where it looks like it, so that a slide full of
// tissue is not cut in two.
import type { SlideReader } from '../slide-reader.js';
import { readOverview } from '../resample/read-overview.js';
import type { TissueMask } from './tissue-mask.js';

/** Side of a cell of the mask, where the slide's resolution is known. */
const cellUm = 8;
/** Most cells along a side; fewer where the resolution is unknown. */
const maxCells = { known: 4096, unknown: 1024 };
/** What glass is: bright, and without colour. 0…255. */
const glass = { brightness: 190, saturation: 18 };

/** What is paler than this is glass, however little there is of anything else. 0…255. */
const leastSaturation = 10;

export interface FindTissueOptions {
  /** Micrometres per pixel of level 0, where the file states none. @default what the file states */
  readonly slideMpp?: number | undefined;
}

/**
 * Where `slide` shows tissue, in cells of 8 µm or a 4096th of its longer side, the larger. All of it where nothing looks
 * like glass; ink of pens in green, blue and black counts as glass.
 * Reads the smallest level that is fine enough once. Throws as `readRegion`.
 */
export async function findTissue(
  slide: SlideReader,
  options: FindTissueOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<TissueMask> {
  const { width, height } = slide.levels[0]!;
  const mpp = options.slideMpp ?? slide.mpp?.[0];
  const longest = Math.max(width, height);
  const cellPx = Math.max(
    1,
    mpp === undefined ? longest / maxCells.unknown : Math.max(cellUm / mpp, longest / maxCells.known),
  );
  const size = [Math.max(1, Math.round(width / cellPx)), Math.max(1, Math.round(height / cellPx))] as const;
  const overview = await readOverview(slide, size, options.signal);
  return { width: size[0], height: size[1], data: classifyPixels(overview.data) };
}

/** 1 for each RGB pixel that shows tissue. */
export function classifyPixels(rgb: Uint8Array): Uint8Array {
  const count = rgb.length / 3;
  const saturations = new Uint8Array(count);
  const isInk = new Uint8Array(count);
  const histogram = new Float64Array(256);
  const brightness = new Float64Array(256);
  for (let i = 0; i < count; i++) {
    const [red, green, blue] = [rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!];
    saturations[i] = saturationOf(red, green, blue);
    isInk[i] = looksLikeInk(red, green, blue) ? 1 : 0;
    if (isInk[i]) continue;
    histogram[saturations[i]!]!++;
    brightness[saturations[i]!]! += Math.min(red, green, blue);
  }
  const least = limitGlass(histogram, brightness);
  return saturations.map((value, i) => (!isInk[i] && value > least ? 1 : 0));
}

/** As HSV has it, 0…255. */
function saturationOf(red: number, green: number, blue: number): number {
  const largest = Math.max(red, green, blue);
  return largest === 0 ? 0 : Math.round((255 * (largest - Math.min(red, green, blue))) / largest);
}

/** Stained tissue is violet to red; green to blue with much colour, and black, is a pen's. */
function looksLikeInk(red: number, green: number, blue: number): boolean {
  const largest = Math.max(red, green, blue);
  const range = largest - Math.min(red, green, blue);
  if (largest < 50) return range < 25;
  if (range < 0.25 * largest) return false;
  // Hues of 75° to 228°.
  if (green === largest) return red + range * 0.75 < green || blue > red;
  return blue === largest && (red - green) / range + 4 < 228 / 60;
}

/**
 * The largest saturation of glass, -1 where nothing looks like it. Pale tissue lies between glass and Otsu's threshold, so it is the
 * spread of glass that counts, as seen below its most frequent saturation, where there is nothing else.
 */
function limitGlass(histogram: Float64Array, brightness: Float64Array): number {
  const threshold = findThreshold(histogram);
  const peak = histogram.indexOf(Math.max(...histogram.subarray(0, threshold + 1)));
  const sum = (of: (value: number) => number, end: number) => {
    let total = 0;
    for (let value = 0; value <= end; value++) total += of(value);
    return total;
  };
  const below = sum((value) => histogram[value]!, peak);
  const deviation = Math.sqrt(sum((value) => histogram[value]! * (value - peak) ** 2, peak) / below);
  const limit = Math.round(Math.max(leastSaturation, Math.min(threshold, peak + 4 * deviation)));
  const meanBrightness = sum((value) => brightness[value]!, limit) / sum((value) => histogram[value]!, limit);
  return peak <= glass.saturation && meanBrightness >= glass.brightness ? limit : -1;
}

/** Otsu's threshold: the value up to which pixels are of the low class; 255 where there is one class. */
function findThreshold(histogram: Float64Array): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const weighted = histogram.reduce((sum, count, value) => sum + count * value, 0);
  let [best, threshold, low, lowWeighted] = [-1, 255, 0, 0];
  for (let value = 0; value < 255; value++) {
    low += histogram[value]!;
    lowWeighted += histogram[value]! * value;
    const high = total - low;
    if (low === 0 || high === 0) continue;
    const variance = low * high * (lowWeighted / low - (weighted - lowWeighted) / high) ** 2;
    if (variance > best) [best, threshold] = [variance, value];
  }
  return threshold;
}
