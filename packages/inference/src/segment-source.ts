// The one pipeline: an image of any size, cell by cell through the network and the post-processing, into sinks.
import {
  createLabelMap,
  createNucleusTable,
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
import { mergeCell } from './cells/merge-cell.js';
import type { CellPlan } from './cells/plan-cells.js';
import { predictCells, type CutImage, type PredictedCell } from './cells/predict-cells.js';
import { scaleCells, scaleNuclei } from './cells/scale-cells.js';
import { selectNuclei, slackPx, type CellNuclei, type OwnNuclei } from './cells/select-nuclei.js';
import { packCell, unpackCell } from './journal/cell-record.js';
import type { CellJournal } from './journal/cell-journal.js';
import type { TrainedNetwork, WindowNetwork } from './network/trained-network.js';
import { settle, unwrap } from './overlap-images.js';
import { createNucleusStore, type NucleusStore } from './scratch/nucleus-store.js';
import { memoryScratch, type ScratchSpace } from './scratch/scratch.js';
import type { OnProgress } from './segmenter-options.js';
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
  /** Images of more pixels keep nuclei and outputs of windows in scratch space. @default 2²² */
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
  /** Keeps cells as they are done; cells that are there are not computed again. */
  readonly journal?: CellJournal | undefined;
  readonly provenance: Provenance;
  readonly onProgress?: OnProgress | undefined;
}

/** What is known of a result at its end, besides its nuclei. */
export interface PipelineSummary {
  /** Cells that the journal had. */
  readonly resumedCells: number;
  /** Nuclei in groups that go on beyond what their cell saw. */
  readonly beyondHalo: number;
}

const defaultMemoryPx = 2 ** 22;

/** Most bytes of an array in an .npz file. */
const largestArray = 2 ** 32 - 1;

/**
 * Segments the image of `job`, commits every cell to its sinks, finishes them, and gives the result to `use` while its space is
 * open. While a cell is in the network, the one before is post-processed. Where anything fails, the sinks are aborted, and the
 * journal stays for the next run.
 * @throws what source, engine, post-processing, journal and sinks throw; HovernetError INTERRUPTED when the signal is aborted.
 */
export async function segmentSource<T>(
  parts: PipelineParts,
  job: PipelineJob,
  use: (result: SegmentedImage, summary: PipelineSummary) => Promise<T>,
): Promise<T> {
  const { image, sinks } = job;
  const { memoryPx = defaultMemoryPx } = parts;
  const { signal } = job.windows;
  const info = describeResult(parts.network, job);
  const begun: NucleiSink[] = [];
  let store: NucleusStore | undefined;
  try {
    for (const sink of sinks) {
      begun.push(sink);
      await sink.begin(info);
    }
    const rawMaps = sinks.some(({ needsRawMaps }) => needsRawMaps) ? createRawMaps(parts.network, job.cut) : undefined;
    // A journal has no raw maps.
    const journal = rawMaps ? undefined : job.journal;
    const { source } = job.cut;
    const largestPx = Math.max(image.width * image.height, source.width * source.height);
    const scratch = largestPx > memoryPx ? parts.scratch : memoryScratch;
    const nuclei = (store = createNucleusStore(await scratch.open()));
    const summary = await runCells({ ...parts, scratch }, { ...job, journal }, { info, nuclei, rawMaps });
    const result: SegmentedImage = {
      ...info,
      image,
      rawMaps,
      nuclei,
      readLabels: async (box) => {
        assertGoesOn(signal);
        const [x0, y0, x1, y1] = box;
        return createLabelMap(y1 - y0, x1 - x0, await nuclei.readLabels(box));
      },
    };
    // Files are compressed in threads of their own: sinks finish side by side, and none is under way when one fails.
    throwFirst(await Promise.allSettled(sinks.map((sink) => sink.finish(result, job.provenance))));
    await journal?.remove();
    return await use(result, summary);
  } catch (error) {
    await Promise.allSettled(begun.map((sink) => sink.abort()));
    throw error;
  } finally {
    await store?.close();
  }
}

/** What sinks receive before the first nucleus. */
function describeResult({ classes, config }: TrainedNetwork, { image, cut }: PipelineJob): ResultInfo {
  const { width, height, mpp } = image;
  return { width, height, mpp, classes, isTyped: config.outClasses > 0, cells: cut.cells.cells.length };
}

/** What cells add to. */
interface Growing {
  readonly info: ResultInfo;
  readonly nuclei: NucleusStore;
  readonly rawMaps: RawMaps | undefined;
}

/** Post-processing and merging of a cell run while the network works on the next one; turns end with the network's last window. */
async function runCells(
  parts: PipelineParts,
  job: PipelineJob,
  { info, nuclei, rawMaps }: Growing,
): Promise<PipelineSummary> {
  const { cut, windows, journal, provenance, sinks } = job;
  const plan = scaleCells(cut.cells, job.image);
  const kept = (await journal?.open({ ...info, ...provenance })) ?? new Set<number>();
  const readKept = async (index: number): Promise<OwnNuclei> => unpackCell(await journal!.read(index));
  const committed = await Promise.all(sinks.map((sink) => sink.committed()));
  let beyondHalo = 0;
  let next = 0;
  const commit = async (own: OwnNuclei) => {
    assertGoesOn(windows.signal);
    const cell = plan.cells[next]!;
    const table = await mergeCell(own, cell.seen, nuclei);
    beyondHalo += own.beyondHalo;
    for (const [number, sink] of sinks.entries())
      if (!committed[number]!.has(cell.index)) await sink.commit(cell, table);
    next++;
  };
  /** Commits the cells before number `index`: those that the journal has, and glass. */
  const catchUp = async (index: number) => {
    while (next < index) await commit(kept.has(next) ? await readKept(next) : emptyCell(info.isTyped));
  };
  const finish = async (predicted: PredictedCell) => {
    const own = await findNuclei(parts.finder, { ...job, plan }, predicted);
    await journal?.write(predicted.cell.index, packCell(own));
    await catchUp(predicted.cell.index);
    await commit(own);
  };
  const windowUm2 = cut.source.mpp === null ? null : (cut.windows.size.output * cut.source.mpp) ** 2;
  const tell = (done: number, total: number) => {
    const doneUm2 = windowUm2 === null ? null : done * windowUm2;
    job.onProgress?.({ done, total, doneUm2, cells: next, totalCells: info.cells, nuclei: nuclei.count });
  };
  let behind: Promise<PromiseSettledResult<void>> = settle(Promise.resolve());
  try {
    await parts.takeTurn(async () => {
      const isWanted = ({ index, core }: Cell) => !kept.has(index) && hasTissue(cut, grow(core));
      const options = { ...windows, scratch: parts.scratch, isWanted, onWindows: tell };
      for await (const predicted of predictCells(parts.network, cut, options)) {
        await unwrap(behind);
        if (rawMaps) copyCore(rawMaps, predicted);
        behind = settle(finish(predicted));
      }
    });
    await unwrap(behind);
    await catchUp(info.cells);
  } finally {
    await behind;
  }
  return { resumedCells: kept.size, beyondHalo };
}

function assertGoesOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new HovernetError('INTERRUPTED', 'inference: interrupted', { cause: signal.reason });
}

function emptyCell(isTyped: boolean): OwnNuclei {
  return { table: createNucleusTable([], { isTyped }), masks: new Uint8Array(0), beyondHalo: 0 };
}

/** `box` and what nuclei of its neighbours may reach of it. */
function grow([x0, y0, x1, y1]: Box): Box {
  return [x0 - slackPx, y0 - slackPx, x1 + slackPx, y1 + slackPx];
}

/** Whether a box of the resampled image, cut off at its border, may show tissue. */
function hasTissue({ source }: CutImage, [x0, y0, x1, y1]: Box): boolean {
  const box: Box = [Math.max(0, x0), Math.max(0, y0), Math.min(source.width, x1), Math.min(source.height, y1)];
  return source.hasTissue?.(box) ?? true;
}

async function findNuclei(
  finder: NucleiFinder,
  { cut, image, postprocess, plan }: PipelineJob & { readonly plan: CellPlan },
  { cell: scaledCell, rawMaps }: PredictedCell,
): Promise<OwnNuclei> {
  const found = await finder.segmentTable(rawMaps, postprocess);
  const cell = plan.cells[scaledCell.index]!;
  const isScaled = plan !== cut.cells;
  const own = isScaled ? scaleNuclei(found, { cell, scaledCell, image, scaled: cut.cells }) : found;
  const [across, down] = [cut.cells.width / image.width, cut.cells.height / image.height];
  return selectNuclei(plan, cell, own, ([x, y]) => {
    const [column, row] = [Math.floor((x + 0.5) * across), Math.floor((y + 0.5) * down)];
    return hasTissue(cut, [column, row, column + 1, row + 1]);
  });
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

function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
