// The one pipeline: an image of any size, cell by cell through the network and the post-processing, into sinks.
import {
  createLabelMap,
  createPlanes,
  HovernetError,
  UnsupportedError,
  type Box,
  type Cell,
  type ImageSource,
  type NucleiSink,
  type Provenance,
  type RawMaps,
  type ResultInfo,
  type SegmentedImage,
} from '@hovernet/core';
import type { SegmentNucleiOptions } from '@hovernet/postprocess';
import type { NdArray } from 'ndarray';
import { mergeCell, type CellNuclei, type MergedCells } from './cells/merge-cell.js';
import type { CellPlan } from './cells/plan-cells.js';
import { predictCells, type CutImage, type PredictedCell } from './cells/predict-cells.js';
import { scaleCells, scaleNuclei } from './cells/scale-cells.js';
import type { TrainedNetwork, WindowNetwork } from './network/trained-network.js';
import { settle } from './overlap-images.js';
import { createNucleusStore } from './scratch/nucleus-store.js';
import { createPlane } from './scratch/plane.js';
import { memoryScratch, type ScratchSpace } from './scratch/scratch.js';
import type { PredictWindowsOptions } from './windows/predict-windows.js';

/** Post-processing in threads, or in this one. */
export interface NucleiFinder {
  segmentTable(rawMaps: RawMaps, options: SegmentNucleiOptions): Promise<CellNuclei>;
}

/** What images are segmented with. */
export interface PipelineParts {
  readonly network: TrainedNetwork;
  readonly finder: NucleiFinder;
  /** For images of more pixels than `memoryPx`. */
  readonly scratch: ScratchSpace;
  /** Images of more pixels keep labels, nuclei and outputs of windows in scratch space. @default 2²⁴ */
  readonly memoryPx?: number | undefined;
  /** Runs one image at a time through the network; see `createTurns`. */
  readonly takeTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** An image, how it is cut, and what is wanted of it. */
export interface PipelineJob {
  /** The image in its own pixels, which results refer to; the caller closes it. */
  readonly image: ImageSource;
  /** The image at the network's resolution: `image` itself where it is not resampled. */
  readonly cut: CutImage;
  readonly windows: PredictWindowsOptions;
  readonly postprocess: SegmentNucleiOptions;
  readonly sinks: readonly NucleiSink[];
  readonly provenance: Provenance;
  readonly onWindows?: ((done: number, total: number) => void) | undefined;
}

const defaultMemoryPx = 2 ** 24;

/** Most bytes of an array in an .npz file. */
const largestArray = 2 ** 32 - 1;

/**
 * Segments the image of `job`, commits every cell to its sinks, finishes them, and gives the result to `use` while its space is
 * open. While a cell is in the network, the one before is post-processed. Where anything fails, the sinks are aborted.
 * @throws what source, engine, post-processing and sinks throw; HovernetError INTERRUPTED when the signal is aborted.
 */
export async function segmentSource<T>(
  parts: PipelineParts,
  job: PipelineJob,
  use: (result: SegmentedImage) => Promise<T>,
): Promise<T> {
  const { image, sinks } = job;
  const { memoryPx = defaultMemoryPx } = parts;
  const { signal } = job.windows;
  const info = describeResult(parts.network, job);
  const begun: NucleiSink[] = [];
  let merged: MergedCells | undefined;
  try {
    for (const sink of sinks) {
      begun.push(sink);
      await sink.begin(info);
    }
    const rawMaps = sinks.some(({ needsRawMaps }) => needsRawMaps) ? createRawMaps(parts.network, job.cut) : undefined;
    const scratch = image.width * image.height > memoryPx ? parts.scratch : memoryScratch;
    const store = (merged = await openMerged(scratch, image.width));
    await runCells({ ...parts, scratch }, job, store, rawMaps);
    const result: SegmentedImage = {
      ...info,
      image,
      rawMaps,
      nuclei: store.nuclei,
      readLabels: async (box) => {
        if (signal?.aborted) throw new HovernetError('INTERRUPTED', 'inference: interrupted', { cause: signal.reason });
        const [x0, y0, x1, y1] = box;
        return createLabelMap(y1 - y0, x1 - x0, new Int32Array((await store.labels.read(box)).buffer));
      },
    };
    // Files are compressed in threads of their own: sinks finish side by side, and none is under way when one fails.
    throwFirst(await Promise.allSettled(sinks.map((sink) => sink.finish(result, job.provenance))));
    return await use(result);
  } catch (error) {
    await Promise.allSettled(begun.map((sink) => sink.abort()));
    throw error;
  } finally {
    await merged?.labels.close();
    await merged?.nuclei.close();
  }
}

/** What sinks are told before the first nucleus. */
function describeResult({ classes, config }: TrainedNetwork, { image, cut }: PipelineJob): ResultInfo {
  const { width, height, mpp } = image;
  return { width, height, mpp, classes, isTyped: config.outClasses > 0, cells: cut.cells.cells.length };
}

/** Post-processing and merging of a cell go on while the network works on the next one; turns end with the network's last window. */
async function runCells(
  parts: PipelineParts,
  job: PipelineJob,
  merged: MergedCells,
  rawMaps: RawMaps | undefined,
): Promise<void> {
  const { cut, image, windows, onWindows } = job;
  const plan = scaleCells(cut.cells, image);
  let behind: Promise<PromiseSettledResult<void>> = settle(Promise.resolve());
  try {
    await parts.takeTurn(async () => {
      const options = { ...windows, scratch: parts.scratch, onWindows };
      for await (const predicted of predictCells(parts.network, cut, options)) {
        await unwrap(behind);
        if (rawMaps) copyCore(rawMaps, predicted);
        behind = settle(finishCell(parts, job, { plan, predicted, merged }));
      }
    });
    await unwrap(behind);
  } finally {
    await behind;
  }
}

interface FinishedCell {
  readonly plan: CellPlan;
  readonly predicted: PredictedCell;
  readonly merged: MergedCells;
}

async function finishCell(
  { finder }: PipelineParts,
  { cut, image, postprocess, sinks }: PipelineJob,
  { plan, predicted: { cell: scaledCell, rawMaps }, merged }: FinishedCell,
): Promise<void> {
  const found = await finder.segmentTable(rawMaps, postprocess);
  const cell = plan.cells[scaledCell.index]!;
  const isScaled = plan !== cut.cells;
  const own = isScaled ? scaleNuclei(found, { cell, scaledCell, image, scaled: cut.cells }) : found;
  const table = await mergeCell(plan, cell, own, merged);
  for (const sink of sinks) await sink.commit(cell, table);
}

async function openMerged(scratch: ScratchSpace, width: number): Promise<MergedCells> {
  const labels = createPlane(await scratch.open(), { width, bytesPerPixel: 4 });
  try {
    return { labels, nuclei: createNucleusStore(await scratch.open()) };
  } catch (error) {
    await labels.close();
    throw error;
  }
}

function createRawMaps({ outChannels }: WindowNetwork, { cells: { height, width } }: CutImage): RawMaps {
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

/** Copies what the cell alone owns. */
function copyCore(whole: RawMaps, { rawMaps, cell }: PredictedCell): void {
  for (const name of ['np', 'hv', 'nc'] as const) {
    const [to, from] = [whole[name], rawMaps[name]];
    if (to && from) copyRows(to, from, cell);
  }
}

function copyRows(to: NdArray<Float32Array>, from: NdArray<Float32Array>, { core, seen }: Cell): void {
  const [x0, y0, x1, y1]: Box = core;
  const [channels, height, width] = to.shape as [number, number, number];
  const [, seenHeight, seenWidth] = from.shape as [number, number, number];
  for (let channel = 0; channel < channels; channel++) {
    for (let y = y0; y < y1; y++) {
      const start = (channel * seenHeight + y - seen[1]) * seenWidth + x0 - seen[0];
      to.data.set(from.data.subarray(start, start + x1 - x0), (channel * height + y) * width + x0);
    }
  }
}

async function unwrap<T>(settled: Promise<PromiseSettledResult<T>>): Promise<T> {
  const result = await settled;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
