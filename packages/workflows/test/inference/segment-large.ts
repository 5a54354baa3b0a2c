// A large image through everything but the network, measured.
import { createSilentReporter } from '@hovernet/core';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { formatNpyHeader } from '@hovernet/files/internal';
import { segmentNuclei } from '@hovernet/postprocess';
import type { PostprocessPool } from '@hovernet/postprocess/node';
import { readPeakMemoryMb, resetPeakMemory } from '../../src/bench/peak-memory.js';
import { nameImages } from '../../src/inference/output/name-outputs.js';
import { segmentImages } from '../../src/inference/segment-images.js';
import { createSeeingRunner, createSeenImage } from './seen-maps.js';

/** In this thread, whose memory is measured. */
const pool: PostprocessPool = {
  segment: (rawMaps, options) => Promise.resolve(segmentNuclei(rawMaps, options)),
  segmentTable: () => Promise.reject(new Error('nobody asks for tables')),
  dispose: () => Promise.resolve(),
};

/** Side of the picture that large images repeat. */
const patternPx = 256;

export interface LargeRun {
  readonly nuclei: number;
  /** Most that the main thread referred to while windows were predicted, in MiB; needs --expose-gc. */
  readonly liveMb: number;
  /** Peak resident memory of the process in MiB, garbage included. */
  readonly peakMb: number;
}

/** Runs of the network between two looks at memory. */
const lookEvery = 8;

/** Segments an image of `sidePx` × `sidePx` pixels in blocks of `blockPx`. */
export async function segmentLarge(folder: string, sidePx: number, blockPx: number | null): Promise<LargeRun> {
  const path = join(folder, `large-${sidePx}.npy`);
  writeImage(path, sidePx);
  let runs = 0;
  let liveMb = 0;
  const runner = createSeeingRunner(() => {
    if (runs++ % lookEvery !== 0) return;
    globalThis.gc?.();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    liveMb = Math.max(liveMb, (arrayBuffers + heapUsed) / 2 ** 20);
  });
  resetPeakMemory();
  const { reports } = await segmentImages(nameImages([path]), {
    segmenter: {
      runner,
      pool,
      windows: { batchSize: 4, signal: new AbortController().signal },
      blocks: { blockPx, marginPx: 64 },
      postprocess: { normalization: 'fixed' },
      scratchFolder: folder,
    },
    folder: join(folder, 'out'),
    kinds: ['nifti', 'json', 'overlay'],
    typed: true,
    skipExisting: false,
    description: { classes: [{ id: 1, name: 'one', color: [255, 0, 0] }], mpp: 0.25 },
    reporter: createSilentReporter(),
  });
  const peakMb = readPeakMemoryMb();
  return { nuclei: reports[0]!.nuclei!, liveMb, peakMb };
}

/** The pattern, side by side, in an .npy file; written row by row. */
function writeImage(path: string, sidePx: number): void {
  const pattern = createSeenImage(patternPx, patternPx).data;
  const file = openSync(path, 'w');
  writeSync(file, formatNpyHeader('uint8', [sidePx, sidePx, 3]));
  for (let y = 0; y < sidePx; y++) {
    const row = (y % patternPx) * patternPx * 3;
    const tile = Buffer.from(pattern.subarray(row, row + patternPx * 3));
    writeSync(file, Buffer.alloc(sidePx * 3, tile));
  }
  closeSync(file);
}
