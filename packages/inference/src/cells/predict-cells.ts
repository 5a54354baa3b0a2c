// Raw maps of a large image cell by cell, every window computed once.
import { areFinite, HovernetError, type Box, type Cell, type ImageSource, type RawMaps } from '@hovernet/core';
import { countWindows, type WindowPlan } from '@hovernet/transforms';
import { branches, type BranchOutputs, type WindowNetwork } from '../network/trained-network.js';
import type { ScratchSpace } from '../scratch/scratch.js';
import { createWindowStore } from '../scratch/window-store.js';
import { createMapMerger } from '../windows/merge-maps.js';
import { predictWindows, type PredictWindowsOptions } from '../windows/predict-windows.js';
import type { CellPlan } from './plan-cells.js';

export interface PredictedCell {
  readonly cell: Cell;
  /** Of all that the cell sees. */
  readonly rawMaps: RawMaps;
}

export interface PredictCellsOptions extends PredictWindowsOptions {
  /** Space for outputs of windows that several cells need. */
  readonly scratch: ScratchSpace;
  /** Called with the number of the image's windows that are done. */
  readonly onWindows?: ((done: number, total: number) => void) | undefined;
}

/** An image and how it is cut. */
export interface CutImage {
  readonly source: ImageSource;
  readonly windows: WindowPlan;
  readonly cells: CellPlan;
}

/**
 * The cells of an image in their order. Their raw maps are, bit by bit, parts of those of the whole image. Memory for one
 * cell; the outputs of windows that later cells need again wait in scratch space.
 * @throws what `source` and the engine throw; HovernetError ENGINE_FAILED for NaN and infinities, INTERRUPTED when `signal` is aborted between batches.
 */
export async function* predictCells(
  network: WindowNetwork,
  { source, windows, cells }: CutImage,
  { scratch, onWindows, ...options }: PredictCellsOptions,
): AsyncGenerator<PredictedCell, void, undefined> {
  const total = countWindows(windows);
  const parts = cells.cells.map(({ seen }) => selectWindows(windows, seen));
  const uses = new Uint32Array(total);
  for (const part of parts) for (const index of part.indices) uses[index]!++;
  const store = createWindowStore(scratch, network, windows.size.output);
  const batchSize = Math.min(options.batchSize, total);
  let done = 0;
  onWindows?.(0, total);
  try {
    for (const [number, cell] of cells.cells.entries()) {
      const { indices, rowStarts, columnStarts } = parts[number]!;
      const relativeTo = ([x0, y0, x1, y1]: Box): WindowPlan => ({
        size: windows.size,
        imageHeight: y1 - y0,
        imageWidth: x1 - x0,
        rowStarts: rowStarts.map((start) => start - y0),
        columnStarts: columnStarts.map((start) => start - x0),
      });
      const maps = createMapMerger(network, relativeTo(cell.seen));
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
      const job = { image: await source.read(read, options.signal), plan: relativeTo(read), indices: missing };
      await predictWindows(network, job, { ...options, batchSize }, async (at, outputs, position) => {
        await addStored(at);
        maps.add(at, outputs, position);
        added = at + 1;
        const index = indices[at]!;
        assertFinite(windows, index, { outputs, position, batchSize });
        if (--uses[index]! > 0) await store.put(index, outputs, position);
        done++;
        if (position === batchSize - 1 || at === missing.at(-1)) onWindows?.(done, total);
      });
      await addStored(indices.length);
      yield { cell, rawMaps: maps.finish() };
    }
  } finally {
    await store.close();
  }
}

interface BatchMember {
  readonly outputs: BranchOutputs;
  readonly position: number;
  readonly batchSize: number;
}

/** Here and not in the post-processing, because here it is known where in the image it was. */
function assertFinite(
  { size, rowStarts, columnStarts }: WindowPlan,
  index: number,
  { outputs, position, batchSize }: BatchMember,
): void {
  for (const name of branches) {
    const values = outputs[name];
    const length = (values?.length ?? 0) / batchSize;
    if (!values || areFinite(values.subarray(position * length, (position + 1) * length))) continue;
    const y = rowStarts[Math.floor(index / columnStarts.length)]!;
    const x = columnStarts[index % columnStarts.length]!;
    throw new HovernetError(
      'ENGINE_FAILED',
      `the network gave NaN or an infinity for ${name} in the window [${[x, y, x + size.output, y + size.output].join(', ')}]; ` +
        'check its weights, or use float32 or another engine',
    );
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
