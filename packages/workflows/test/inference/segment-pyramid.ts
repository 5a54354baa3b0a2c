// A small slide through everything but the network, cut in cells of 256 px, into files.
import { createNucleusTable, createSilentReporter } from '@hovernet/core';
import { resultFormats } from '@hovernet/export';
import { segmentNuclei } from '@hovernet/postprocess';
import { createPostprocessPool } from '@hovernet/postprocess/node';
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { nameImages } from '../../src/inference/name-images.js';
import { segmentImages } from '../../src/inference/segment-images.js';
import {
  createSeeingNetwork,
  createSeeingSegmenter,
  createSeenImage,
  seenWindow,
  type SeeingParts,
} from './seen-maps.js';

/** Writes a pyramid of lossless tiles at 0.25 µm per pixel, 700 × 560 pixels of nuclei. */
export async function writePyramid(path: string): Promise<void> {
  const [height, width] = [560, 700];
  const image = sharp(createSeenImage(height, width).data, { raw: { width, height, channels: 3 } });
  const pixelsPerMm = 4000;
  await image
    .withMetadata({ density: pixelsPerMm * 25.4 })
    .tiff({
      tile: true,
      tileWidth: 256,
      tileHeight: 256,
      pyramid: true,
      compression: 'deflate',
      xres: pixelsPerMm,
      yres: pixelsPerMm,
    })
    .toFile(path);
}

export interface PyramidOptions {
  /** Threads of the post-processing; 0 for this one. @default 0 */
  readonly workers?: number;
  readonly batchSize?: number;
  readonly memoryPx?: number;
  /** Interrupted after so many windows. @default never */
  readonly windows?: number;
  /** A line for each cell that is post-processed. @default none */
  readonly log?: string;
}

/** Segments the slide at `path` into `folder`. @throws HovernetError INTERRUPTED as `windows` asks. */
export async function segmentPyramid(path: string, folder: string, options: PyramidOptions = {}): Promise<number> {
  const { workers = 0, batchSize = 2, memoryPx, windows = Infinity, log } = options;
  const controller = new AbortController();
  let seen = 0;
  const network = createSeeingNetwork(() => void (++seen >= windows && controller.abort()));
  const pool = workers > 0 ? createPostprocessPool({ workers }) : undefined;
  const finder: SeeingParts['finder'] = {
    segmentTable(rawMaps, rules) {
      if (log !== undefined) appendFileSync(log, `${rawMaps.np.shape.join()}\n`);
      if (pool) return pool.segmentTable(rawMaps, rules);
      const { instanceMap, nuclei } = segmentNuclei(rawMaps, rules);
      return Promise.resolve({ instanceMap, table: createNucleusTable(nuclei) });
    },
  };
  const parts = { scratchFolder: folder, finder, network, ...(memoryPx !== undefined && { memoryPx }) };
  const segmenter = createSeeingSegmenter(parts, { batchSize });
  const grid = { windowPx: seenWindow.input, keepPx: seenWindow.output, cellPx: 256, haloPx: 64 };
  try {
    const { reports } = await segmentImages(nameImages([path]), {
      segmenter: { segmentSlide: (image, asked) => segmenter.segmentSlide(image, { ...asked, grid }) },
      folder,
      formats: resultFormats.filter(({ name }) => ['nifti', 'json', 'overlay'].includes(name)),
      isTyped: true,
      skipExisting: false,
      settings: '',
      used: { weights: { path: 'seeing', sha256: null }, preset: null, mode: 'fast', out_classes: 3, window_px: null },
      signal: controller.signal,
      reporter: createSilentReporter(),
    });
    return reports[0]!.nuclei!;
  } finally {
    await pool?.dispose();
  }
}

/** Digests of the files in `folder`, by name. */
export function hashFolder(folder: string): Readonly<Record<string, string>> {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, hash(name)]),
  );
}
