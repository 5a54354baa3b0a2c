// Raw maps of a large image cell by cell, every window computed once.
import type { Box, Cell, ImageSource, RawMaps, RegionSource } from '@hovernet/core';
import { countWindows, type WindowPlan } from '@hovernet/transforms';
import { windowOrigin } from '@hovernet/transforms/internal';
import type { BranchOutputs, WindowNetwork } from '../network/trained-network.js';
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
  /** Cells to predict. @default all */
  readonly isWanted?: ((cell: Cell) => boolean) | undefined;
  /** Called with the number of the wanted windows that are done. */
  readonly onWindows?: ((done: number, total: number) => void) | undefined;
}

/** An image, which may know where it shows tissue, and how it is cut. */
export interface CutImage {
  readonly source: ImageSource & Partial<Pick<RegionSource, 'hasTissue'>>;
  readonly windows: WindowPlan;
  readonly cells: CellPlan;
}

/** No nucleus reaches farther from its centre: windows this near to tissue are predicted. */
const nucleusReachPx = 64;

/** Logits of windows without tissue. */
const sureLogit = 20;

/**
 * The wanted cells of an image in their order. Their raw maps are, bit by bit, parts of those of the whole image. Windows far
 * from tissue are background without the network. Memory for one cell; the outputs of windows that later cells need again wait
 * in scratch space.
 * @throws as `predictWindows`.
 */
export async function* predictCells(
  network: WindowNetwork,
  { source, windows, cells }: CutImage,
  { scratch, isWanted = () => true, onWindows, ...options }: PredictCellsOptions,
): AsyncGenerator<PredictedCell, void, undefined> {
  const jobs = cells.cells.filter(isWanted).map((cell) => ({ cell, part: selectWindows(windows, cell.seen) }));
  const uses = new Uint32Array(countWindows(windows));
  for (const { part } of jobs) for (const index of part.indices) uses[index]!++;
  const shown = listShownWindows(
    windows,
    jobs.flatMap(({ part }) => part.indices),
    source,
  );
  const isShown = new Set(shown);
  const store = createWindowStore(scratch, network, windows.size.output);
  const total = shown.length;
  onWindows?.(0, total);
  const job = { source, plan: windows, indices: shown };
  const batchSize = Math.max(1, Math.min(options.batchSize, total));
  const predicted = predictWindows(network, job, { ...options, batchSize }, (done) => onWindows?.(done, total));
  let background: BranchOutputs | undefined;
  try {
    for (const { cell, part } of jobs) {
      const maps = createMapMerger(network, movePlan(windows, part, cell.seen));
      // Where windows overlap, sums depend on their order in the last bit: it is that of the whole image.
      for (const [at, index] of part.indices.entries()) {
        uses[index]!--;
        if (!isShown.has(index)) {
          maps.add(at, (background ??= createBackground(network, windows.size.output)), 0);
        } else if (store.has(index)) {
          maps.add(at, await store.get(index), 0);
          if (uses[index] === 0) store.drop(index);
        } else {
          const { outputs, position } = (await predicted.next()).value!;
          maps.add(at, outputs, position);
          if (uses[index]! > 0) await store.put(index, outputs, position);
        }
      }
      yield { cell, rawMaps: maps.finish() };
    }
  } finally {
    await predicted.return();
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

/** The windows of a part in the pixels of `box`. */
function movePlan({ size }: WindowPlan, { rowStarts, columnStarts }: WindowPart, [x0, y0, x1, y1]: Box): WindowPlan {
  return {
    size,
    imageHeight: y1 - y0,
    imageWidth: x1 - x0,
    rowStarts: rowStarts.map((start) => start - y0),
    columnStarts: columnStarts.map((start) => start - x0),
  };
}

/** The windows near tissue, each once, in the order of `indices`. */
function listShownWindows(plan: WindowPlan, indices: readonly number[], source: CutImage['source']): number[] {
  const { size, imageHeight, imageWidth } = plan;
  return Array.from(new Set(indices)).filter((index) => {
    if (!source.hasTissue) return true;
    const { row, column } = windowOrigin(plan, index);
    return source.hasTissue([
      Math.max(0, column - nucleusReachPx),
      Math.max(0, row - nucleusReachPx),
      Math.min(imageWidth, column + size.output + nucleusReachPx),
      Math.min(imageHeight, row + size.output + nucleusReachPx),
    ]);
  });
}

/** The output of a window that surely shows nothing. */
function createBackground({ outChannels }: WindowNetwork, outputPx: number): BranchOutputs {
  const area = outputPx ** 2;
  const classify = (channels: number) =>
    new Float32Array(channels * area).fill(-sureLogit).fill(channels > 1 ? sureLogit : -sureLogit, 0, area);
  const { np, hv, nc } = outChannels;
  return {
    ...(np !== undefined && { np: classify(np) }),
    ...(hv !== undefined && { hv: new Float32Array(hv * area) }),
    ...(nc !== undefined && { nc: classify(nc) }),
  };
}
