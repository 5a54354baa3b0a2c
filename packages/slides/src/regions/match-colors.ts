// Colours of tissue brought to those of a reference: mean and standard deviation of each channel, of RGB or of optical density
// (Reinhard et al. 2001, channel by channel).
import type { Box, RgbImage } from '@hovernet/core';

/** What tissue looks like. */
export interface ColorStatistics {
  /** `rgb`: values 0…255; `density`: −ln((value + 1) / 256). */
  readonly space: 'rgb' | 'density';
  /** Red, green, blue. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Boxes of tissue that are measured, at most, and their side in pixels. */
const sample = { boxes: 48, sidePx: 256 };

/**
 * Statistics of the tissue of an image of `[width, height]` pixels, from boxes that lie evenly over it; null where it has none.
 * Throws as `read`.
 */
export async function measureColors(
  source: {
    readonly width: number;
    readonly height: number;
    hasTissue(box: Box): boolean;
    read(box: Box): Promise<RgbImage>;
  },
  space: ColorStatistics['space'],
): Promise<ColorStatistics | null> {
  const { sidePx } = sample;
  const boxes: Box[] = [];
  for (let y = 0; y < source.height; y += sidePx) {
    for (let x = 0; x < source.width; x += sidePx) {
      const box: Box = [x, y, Math.min(source.width, x + sidePx), Math.min(source.height, y + sidePx)];
      if (source.hasTissue(box)) boxes.push(box);
    }
  }
  const step = Math.max(1, boxes.length / sample.boxes);
  const [counts, values] = [new Float64Array(3 * 256), listValues(space)];
  for (let i = 0; i < boxes.length; i += step) {
    const { data } = await source.read(boxes[Math.floor(i)]!);
    for (let at = 0; at < data.length; at += 3) {
      // Gaps between tissue are no stain.
      if (Math.min(data[at]!, data[at + 1]!, data[at + 2]!) > brightest) continue;
      for (let k = 0; k < 3; k++) counts[256 * k + data[at + k]!]!++;
    }
  }
  const moments = [0, 1, 2].map((k) => describe(counts.subarray(256 * k, 256 * (k + 1)), values));
  if (moments.some(({ count }) => count === 0)) return null;
  return { space, mean: moments.map(({ mean }) => mean), deviation: moments.map(({ deviation }) => deviation) };
}

const brightest = 215;

/** The new value of each value, red, green and blue behind each other. */
export function createColorTable(from: ColorStatistics, to: ColorStatistics): Uint8Array {
  const values = listValues(to.space);
  const table = new Uint8Array(3 * 256);
  for (let i = 0; i < table.length; i++) {
    const k = i >> 8;
    const scale = to.deviation[k]! / Math.max(from.deviation[k]!, 1e-6);
    const value = (values[i & 255]! - from.mean[k]!) * scale + to.mean[k]!;
    table[i] = Math.min(255, Math.max(0, Math.round(to.space === 'rgb' ? value : 256 * Math.exp(-value) - 1)));
  }
  return table;
}

/** `rgb` through the table. */
export function applyColorTable(rgb: Uint8Array, table: Uint8Array): Uint8Array {
  const target = new Uint8Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    target[i] = table[rgb[i]!]!;
    target[i + 1] = table[256 + rgb[i + 1]!]!;
    target[i + 2] = table[512 + rgb[i + 2]!]!;
  }
  return target;
}

function listValues(space: ColorStatistics['space']): Float64Array {
  return Float64Array.from({ length: 256 }, (_, i) => (space === 'rgb' ? i : -Math.log((i + 1) / 256)));
}

function describe(counts: Float64Array, values: Float64Array) {
  let [count, sum, squares] = [0, 0, 0];
  for (let i = 0; i < 256; i++) {
    count += counts[i]!;
    sum += counts[i]! * values[i]!;
    squares += counts[i]! * values[i]! ** 2;
  }
  const mean = sum / count;
  return { count, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean ** 2)) };
}
