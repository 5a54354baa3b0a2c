// Raw maps of a large image block by block, every window computed once.
import type { Box, RawMaps } from '@hovernet/core';
import { countWindows, planWindows, type WindowPlan } from '@hovernet/transforms';
import type { ImageSource } from '../images/image-source.js';
import { createMapMerger } from '../tile-predictor.js';
import { predictWindows, type PredictWindowsOptions } from '../windows/predict-windows.js';
import type { WindowRunner } from '../windows/window-runner.js';
import type { Block, BlockPlan } from './plan-blocks.js';
import { createWindowStore } from './window-store.js';

export interface PredictedBlock {
  readonly block: Block;
  /** Of all that the block sees. */
  readonly rawMaps: RawMaps;
}

export interface PredictBlocksOptions extends PredictWindowsOptions {
  /** Folder for outputs of windows that several blocks need. */
  readonly scratchFolder: string;
  /** Told how many of the image's windows are done. */
  readonly onWindows?: (done: number, total: number) => void;
}

/**
 * The blocks of `plan` in their order. Their raw maps are, bit by bit, parts of those of the whole image. Memory for one
 * block; the outputs of windows that later blocks need again wait in a file.
 * @throws what `source` and the engine throw; HovernetError INTERRUPTED when `signal` is aborted between batches.
 */
export async function* predictBlocks(
  runner: WindowRunner,
  source: ImageSource,
  plan: BlockPlan,
  { scratchFolder, onWindows, ...options }: PredictBlocksOptions,
): AsyncGenerator<PredictedBlock, void, undefined> {
  const windows = planWindows(plan.height, plan.width, runner.windowFor(plan.height, plan.width));
  const total = countWindows(windows);
  const parts = plan.blocks.map(({ seen }) => selectWindows(windows, seen));
  const uses = new Uint32Array(total);
  for (const part of parts) for (const index of part.indices) uses[index]!++;
  const store = createWindowStore(scratchFolder, runner, windows.size.output);
  const batchSize = Math.min(options.batchSize, total);
  let done = 0;
  onWindows?.(0, total);
  try {
    for (const [number, block] of plan.blocks.entries()) {
      const { indices, rowStarts, columnStarts } = parts[number]!;
      const relativeTo = ([x0, y0, x1, y1]: Box): WindowPlan => ({
        size: windows.size,
        imageHeight: y1 - y0,
        imageWidth: x1 - x0,
        rowStarts: rowStarts.map((start) => start - y0),
        columnStarts: columnStarts.map((start) => start - x0),
      });
      const maps = createMapMerger(runner, relativeTo(block.seen));
      // Where windows overlap, sums depend on their order in the last bit: it is that of the whole image.
      let added = 0;
      const addStored = async (until: number) => {
        for (; added < until; added++) {
          const index = indices[added]!;
          maps.add(added, await store.get(index), 0);
          if (--uses[index]! === 0) store.drop(index);
        }
      };
      const missing = Array.from(indices.keys()).filter((at) => !store.has(indices[at]!));
      const read = coverInputs(windows, parts[number]!);
      const job = { image: await source.read(read), plan: relativeTo(read), indices: missing };
      await predictWindows(runner, job, { ...options, batchSize }, async (at, outputs, position) => {
        await addStored(at);
        maps.add(at, outputs, position);
        added = at + 1;
        const index = indices[at]!;
        if (--uses[index]! > 0) await store.put(index, outputs, position);
        done++;
        if (position === batchSize - 1 || at === missing.at(-1)) onWindows?.(done, total);
      });
      await addStored(indices.length);
      yield { block, rawMaps: maps.finish() };
    }
  } finally {
    await store.close();
  }
}

/** Windows of a plan whose outputs meet a box: whole rows and columns of them. */
interface WindowPart {
  readonly rowStarts: readonly number[];
  readonly columnStarts: readonly number[];
  /** Their numbers in the plan, ascending. */
  readonly indices: readonly number[];
}

function selectWindows({ size, rowStarts, columnStarts }: WindowPlan, [x0, y0, x1, y1]: Box): WindowPart {
  const meets = (start: number, from: number, to: number) => start < to && start + size.output > from;
  const rows = Array.from(rowStarts.keys()).filter((row) => meets(rowStarts[row]!, y0, y1));
  const columns = Array.from(columnStarts.keys()).filter((column) => meets(columnStarts[column]!, x0, x1));
  return {
    rowStarts: rows.map((row) => rowStarts[row]!),
    columnStarts: columns.map((column) => columnStarts[column]!),
    indices: rows.flatMap((row) => columns.map((column) => row * columnStarts.length + column)),
  };
}

/** The part of the image that the inputs of windows show. */
function coverInputs({ size, imageHeight, imageWidth }: WindowPlan, { rowStarts, columnStarts }: WindowPart): Box {
  const margin = (size.input - size.output) / 2;
  return [
    Math.max(0, columnStarts[0]! - margin),
    Math.max(0, rowStarts[0]! - margin),
    Math.min(imageWidth, columnStarts.at(-1)! + size.output + margin),
    Math.min(imageHeight, rowStarts.at(-1)! + size.output + margin),
  ];
}
