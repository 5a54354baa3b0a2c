// Raw maps of images of any size, by sliding windows through the network.
import type { NucleusClass, RawMaps, RgbImage } from '@hovernet/core';
import type { HoverNetConfig, StateDict } from '@hovernet/model';
import type { Engine } from '@hovernet/ops';
import {
  countWindows,
  createWindowMerger,
  planWindows,
  type WindowMerger,
  type WindowPlan,
} from '@hovernet/transforms';
import type { WindowChoice } from './choose-window.js';
import { predictWindows, type PredictWindowsOptions } from './windows/predict-windows.js';
import { branches, createWindowRunner, type BranchOutputs, type WindowRunner } from './windows/window-runner.js';

/** A network with its weights, ready for images. */
export interface TrainedNetwork {
  readonly config: HoverNetConfig;
  readonly classes: readonly NucleusClass[];
  readonly state: StateDict;
}

export interface TilePredictorOptions extends Omit<PredictWindowsOptions, 'signal'> {
  /** Side of a window in pixels; a function chooses it for each image. */
  readonly windowPx: number | WindowChoice;
}

export interface TilePredictor {
  /**
   * Raw maps of `image`, as large as it is. `onWindows` is told how many of its windows are done.
   * @throws HovernetError INTERRUPTED when `signal` is aborted between windows.
   */
  predict(
    image: RgbImage,
    options?: { readonly signal?: AbortSignal; readonly onWindows?: (done: number, total: number) => void },
  ): Promise<RawMaps>;
  dispose(): Promise<void>;
}

/**
 * A predictor on `engine`; the network with its weights is compiled at the first image, and again where the window changes.
 * @throws ShapeError if the window does not fit the network.
 */
export function createTilePredictor(
  engine: Engine,
  network: TrainedNetwork,
  { windowPx, batchSize, ...options }: TilePredictorOptions,
): TilePredictor {
  const runner = createWindowRunner(engine, network, windowPx);
  return {
    async predict(image, { signal, onWindows } = {}) {
      const [height, width] = image.shape as [number, number];
      const plan = planWindows(height, width, runner.windowFor(height, width));
      const total = countWindows(plan);
      const size = Math.min(batchSize, total);
      const maps = createMapMerger(runner, plan);
      const indices = Array.from({ length: total }, (_, index) => index);
      onWindows?.(0, total);
      await predictWindows(
        runner,
        { image, plan, indices },
        { ...options, batchSize: size, signal },
        (index, outputs, i) => {
          maps.add(index, outputs, i);
          const done = index + 1;
          if (done % size === 0 || done === total) onWindows?.(done, total);
        },
      );
      return maps.finish();
    },
    dispose: () => runner.dispose(),
  };
}

/** The outputs of all windows of a plan, put together. */
export interface MapMerger {
  /** Adds window `index`: that of number `position` in `outputs`. */
  add(index: number, outputs: BranchOutputs, position: number): void;
  /** Once every window was added; the merger must not be used afterwards. */
  finish(): RawMaps;
}

export function createMapMerger({ outChannels }: Pick<WindowRunner, 'outChannels'>, plan: WindowPlan): MapMerger {
  const mergers = new Map<string, WindowMerger>();
  const steps = new Map<string, number>();
  for (const name of branches) {
    const channels = outChannels[name];
    if (channels === undefined) continue;
    mergers.set(name, createWindowMerger(plan, channels));
    steps.set(name, channels * plan.size.output ** 2);
  }
  return {
    add(index, outputs, position) {
      for (const [name, merger] of mergers) merger.add(index, outputs[name as 'np']!, position * steps.get(name)!);
    },
    finish: () =>
      Object.fromEntries(Array.from(mergers, ([name, merger]) => [name, merger.finish()])) as unknown as RawMaps,
  };
}
