// The merged maps of an image, some rows at a time, as writers of files take them.
import { HovernetError } from '@hovernet/core';
import type { MergedImage } from '../blocks/merge-block.js';

export interface StripsOptions {
  readonly height: number;
  readonly width: number;
  readonly signal: AbortSignal;
}

/** Pixels in a strip, about. */
const stripPixels = 2 ** 21;

/**
 * First row of each strip and the one past its last, top to bottom.
 * @throws HovernetError INTERRUPTED between strips when `signal` is aborted.
 */
export function* listStrips({ height, width, signal }: StripsOptions): Generator<readonly [y0: number, y1: number]> {
  const rows = Math.max(1, Math.floor(stripPixels / width));
  for (let y0 = 0; y0 < height; y0 += rows) {
    if (signal.aborted) throw new HovernetError('INTERRUPTED', 'inference: interrupted', { cause: signal.reason });
    yield [y0, Math.min(height, y0 + rows)];
  }
}

/** Ids of the nuclei. */
export async function* readLabels(
  { labels }: MergedImage,
  options: StripsOptions,
): AsyncGenerator<Int32Array, void, undefined> {
  for (const [y0, y1] of listStrips(options)) {
    yield new Int32Array((await labels.read([0, y0, options.width, y1])).buffer);
  }
}

/** Types of the nuclei. */
export async function* readTypes(
  merged: MergedImage,
  options: StripsOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const ids of readLabels(merged, options)) yield merged.nuclei.typesOf(ids);
}
