// A large image through everything but the network, measured.
import { createNucleusTable, createSilentReporter, type NucleiSink } from '@hovernet/core';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { formatNpyHeader } from '@hovernet/files/internal';
import { resultFormats } from '@hovernet/export';
import { segmentNuclei } from '@hovernet/postprocess';
import { readPeakMemoryMb, resetPeakMemory } from '@hovernet/bench';
import { nameImages } from '../../src/inference/name-images.js';
import { segmentImages } from '../../src/inference/segment-images.js';
import { createSeeingNetwork, createSeeingSegmenter, createSeenImage, type SeeingParts } from './seen-maps.js';

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

/** Segments an image of `sidePx` × `sidePx` pixels in cells of `cellPx`. */
export async function segmentLarge(folder: string, sidePx: number, cellPx: number | null): Promise<LargeRun> {
  const path = join(folder, `large-${sidePx}.npy`);
  writeImage(path, sidePx);
  let runs = 0;
  let found = 0;
  let committed = 0;
  let liveMb = 0;
  const network = createSeeingNetwork(async () => {
    if (runs++ % lookEvery !== 0) return;
    // However slow the disk is, the cell before is merged: what is measured does not depend on it.
    while (committed < found) await new Promise((resolve) => setTimeout(resolve, 1));
    globalThis.gc?.();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    liveMb = Math.max(liveMb, (arrayBuffers + heapUsed) / 2 ** 20);
  });
  const finder: SeeingParts['finder'] = {
    // In this thread, whose memory is measured.
    segmentTable: (rawMaps, options) => {
      found++;
      const { instanceMap, nuclei } = segmentNuclei(rawMaps, options);
      return Promise.resolve({ instanceMap, table: createNucleusTable(nuclei) });
    },
  };
  const counter: NucleiSink = {
    begin: () => Promise.resolve(),
    committed: () => Promise.resolve(new Set()),
    commit: () => Promise.resolve(void committed++),
    finish: () => Promise.resolve(),
    abort: () => Promise.resolve(),
  };
  const segmenter = createSeeingSegmenter(
    { scratchFolder: folder, memoryPx: 0, finder, network },
    { batchSize: 4, cellPx, haloPx: 64 },
  );
  resetPeakMemory();
  const { reports } = await segmentImages(nameImages([path]), {
    segmenter: {
      segmentSlide: (image, options) =>
        segmenter.segmentSlide(image, { ...options, sinks: [...options.sinks, counter] }),
    },
    folder: join(folder, 'out'),
    formats: resultFormats.filter(({ name }) => ['nifti', 'json', 'overlay'].includes(name)),
    isTyped: true,
    skipExisting: false,
    settings: '',
    used: { weights: { path: '', sha256: null }, preset: null, mode: 'fast', out_classes: 3, window_px: null },
    signal: new AbortController().signal,
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
