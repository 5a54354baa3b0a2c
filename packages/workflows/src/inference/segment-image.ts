// One image of any size: block by block through the network and the post-processing, then into its files.
import { createPlanes, UnsupportedError, type Box, type NucleusClass, type RawMaps } from '@hovernet/core';
import type { SegmentNucleiOptions } from '@hovernet/postprocess';
import type { PostprocessPool } from '@hovernet/postprocess/node';
import type { WindowPadding } from '@hovernet/transforms';
import type { NdArray } from 'ndarray';
import type { HovernetConfiguration } from '../config/configuration.js';
import { mergeBlock, type MergedImage } from './blocks/merge-block.js';
import { openNucleiSpool } from './blocks/nuclei-spool.js';
import { planBlocks, type Block, type BlockPlan, type PlanBlocksOptions } from './blocks/plan-blocks.js';
import { openPlaneFile } from './blocks/plane-file.js';
import { predictBlocks } from './blocks/predict-blocks.js';
import type { ImageSource } from './images/image-source.js';
import type { OutputFiles } from './output/name-outputs.js';
import { writeOutputs, type WrittenOutputs } from './output/write-outputs.js';
import type { PredictWindowsOptions } from './windows/predict-windows.js';
import type { WindowRunner } from './windows/window-runner.js';

/** What segments images. */
export interface Segmenter {
  readonly runner: WindowRunner;
  readonly pool: PostprocessPool;
  readonly windows: PredictWindowsOptions & { readonly signal: AbortSignal };
  readonly blocks: PlanBlocksOptions;
  readonly postprocess: SegmentNucleiOptions;
  /** Folder for what does not fit into memory. */
  readonly scratchFolder: string;
}

/** What segments images as a configuration asks; `outputDir` holds what does not fit into memory. */
export function createSegmenter(
  { inference, postprocess, windowBatchSize, outputDir }: SegmenterConfiguration,
  { runner, pool, padding, signal }: SegmenterParts,
): Segmenter {
  const { views, blockPx, blockMarginPx } = inference;
  return {
    runner,
    pool,
    windows: { batchSize: windowBatchSize, padding, views, signal },
    blocks: { blockPx, marginPx: blockMarginPx },
    postprocess,
    scratchFolder: outputDir,
  };
}

export type SegmenterConfiguration = Pick<
  HovernetConfiguration,
  'inference' | 'postprocess' | 'windowBatchSize' | 'outputDir'
>;

export interface SegmenterParts extends Pick<Segmenter, 'runner' | 'pool'> {
  readonly padding: WindowPadding;
  readonly signal: AbortSignal;
}

/** An image whose windows are all predicted. */
export interface PredictedImage {
  readonly source: ImageSource;
  readonly merged: MergedImage;
  readonly rawMaps: RawMaps | undefined;
  /** Settled when the last block is merged too. */
  readonly lastBlock: Promise<PromiseSettledResult<void>>;
}

export interface PredictImageOptions {
  /** Whether raw maps of the whole image are kept, in memory. */
  readonly keepRaw: boolean;
  readonly onWindows?: (done: number, total: number) => void;
}

export interface SegmentedOutputs extends WrittenOutputs {
  readonly nuclei: number;
}

/** Most bytes of an array in an .npz file. */
const largestArray = 2 ** 32 - 1;

/**
 * Predicts `source` and closes it if that fails. While a block is in the network, the one before is post-processed; the last
 * one may still be when this returns.
 */
export async function predictImage(
  source: ImageSource,
  segmenter: Segmenter,
  { keepRaw, onWindows }: PredictImageOptions,
): Promise<PredictedImage> {
  const { runner, windows, scratchFolder } = segmenter;
  const { height, width } = source;
  let merged: MergedImage | undefined;
  let behind: Promise<PromiseSettledResult<void>> = settle(Promise.resolve());
  try {
    const rawMaps = keepRaw ? createRawMaps(runner, height, width) : undefined;
    merged = await openMerged(scratchFolder, width);
    const plan = planBlocks(height, width, segmenter.blocks);
    const options = { ...windows, scratchFolder, ...(onWindows && { onWindows }) };
    for await (const predicted of predictBlocks(runner, source, plan, options)) {
      await unwrap(behind);
      if (rawMaps) copyCore(rawMaps, predicted.rawMaps, predicted.block);
      behind = settle(finishBlock(plan, predicted, merged, segmenter));
    }
    return { source, merged, rawMaps, lastBlock: behind };
  } catch (error) {
    await behind;
    await closeAll(source, merged);
    throw error;
  }
}

/** Waits for the last block, writes the files and closes everything. */
export async function finishImage(
  { source, merged, rawMaps, lastBlock }: PredictedImage,
  { classes, mpp }: { readonly classes: readonly NucleusClass[]; readonly mpp: number | null },
  files: OutputFiles,
  signal: AbortSignal,
): Promise<SegmentedOutputs> {
  try {
    await unwrap(lastBlock);
    const written = await writeOutputs({ source, merged, rawMaps, classes, mpp }, files, signal);
    return { ...written, nuclei: merged.nuclei.count };
  } finally {
    await closeAll(source, merged);
  }
}

/** Closes an image that is not to be finished. */
export async function abandonImage({ source, merged, lastBlock }: PredictedImage): Promise<void> {
  await lastBlock;
  await closeAll(source, merged);
}

async function finishBlock(
  plan: BlockPlan,
  { block, rawMaps }: { readonly block: Block; readonly rawMaps: RawMaps },
  merged: MergedImage,
  { pool, postprocess }: Segmenter,
): Promise<void> {
  const segmentation = await pool.segment(rawMaps, postprocess);
  await mergeBlock(plan, block, segmentation, merged);
}

async function openMerged(folder: string, width: number): Promise<MergedImage> {
  const labels = await openPlaneFile(folder, { width, bytesPerPixel: 4 });
  try {
    return { labels, nuclei: await openNucleiSpool(folder) };
  } catch (error) {
    await labels.close();
    throw error;
  }
}

async function closeAll(source: ImageSource, merged: MergedImage | undefined): Promise<void> {
  await merged?.labels.close();
  await merged?.nuclei.close();
  await source.close();
}

function createRawMaps({ outChannels }: WindowRunner, height: number, width: number): RawMaps {
  const largest = 4 * Math.max(...Object.values(outChannels)) * height * width;
  if (largest > largestArray) {
    throw new UnsupportedError(
      `raw maps of ${width}×${height} pixels need ${(largest / 2 ** 30).toFixed(1)} GiB for one array, 4 at most; leave out raw, or cut the image`,
    );
  }
  return Object.fromEntries(
    Object.entries(outChannels).map(([name, channels]) => [name, createPlanes(channels, height, width)]),
  ) as unknown as RawMaps;
}

/** Copies what the block alone owns. */
function copyCore(whole: RawMaps, part: RawMaps, { core: [x0, y0, x1, y1], seen }: Block): void {
  for (const name of ['np', 'hv', 'nc'] as const) {
    const [to, from] = [whole[name], part[name]];
    if (to && from) copyRows(to, from, [x0, y0, x1, y1], seen);
  }
}

function copyRows(to: NdArray<Float32Array>, from: NdArray<Float32Array>, [x0, y0, x1, y1]: Box, seen: Box): void {
  const [channels, height, width] = to.shape as [number, number, number];
  const [, seenHeight, seenWidth] = from.shape as [number, number, number];
  for (let channel = 0; channel < channels; channel++) {
    for (let y = y0; y < y1; y++) {
      const start = (channel * seenHeight + y - seen[1]) * seenWidth + x0 - seen[0];
      to.data.set(from.data.subarray(start, start + x1 - x0), (channel * height + y) * width + x0);
    }
  }
}

async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [settled] = await Promise.allSettled([promise]);
  return settled;
}

async function unwrap<T>(settled: Promise<PromiseSettledResult<T>>): Promise<T> {
  const result = await settled;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
