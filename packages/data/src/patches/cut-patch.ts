// Copies a patch out of a tile; beyond the border the tile is reflected.
import type { PatchOrigin } from './patch-grid.js';

type Pixels = Uint8Array | Int32Array;

/** A tile's pixels in C order, `[height, width, channels]`. */
export interface PixelBlock<T extends Pixels = Pixels> {
  readonly data: T;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Copies `[patchHeight, patchWidth, channels]` from `origin` on into `target`. The border is reflected without repeating
 * the edge pixel, again and again where the tile is smaller than the border, as NumPy's pad does; one pixel is repeated.
 */
export function cutPatch(
  tile: PixelBlock,
  origin: PatchOrigin,
  target: { readonly data: Pixels; readonly height: number; readonly width: number },
): void {
  const { data, channels } = tile;
  const [y0, x0] = origin;
  const insideStart = Math.min(Math.max(0, -x0), target.width);
  const insideEnd = Math.max(Math.min(target.width, tile.width - x0), insideStart);
  const mirrored = Array.from({ length: target.width }, (_, x) => x).filter((x) => x < insideStart || x >= insideEnd);
  const mirrorSources = mirrored.map((x) => reflectIndex(x0 + x, tile.width) * channels);
  for (let y = 0; y < target.height; y++) {
    const from = reflectIndex(y0 + y, tile.height) * tile.width * channels;
    const to = y * target.width * channels;
    if (insideEnd > insideStart) {
      const row = data.subarray(from + (x0 + insideStart) * channels, from + (x0 + insideEnd) * channels);
      target.data.set(row, to + insideStart * channels);
    }
    for (let i = 0; i < mirrored.length; i++) {
      const source = from + mirrorSources[i]!;
      const destination = to + mirrored[i]! * channels;
      for (let c = 0; c < channels; c++) target.data[destination + c] = data[source + c]!;
    }
  }
}

/** Index inside 0…length−1 that reflection at both borders leads `index` to. */
export function reflectIndex(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const phase = ((index % period) + period) % period;
  return phase < length ? phase : period - phase;
}
