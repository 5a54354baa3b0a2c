// Raw maps of images of any size, by sliding windows through the network.
import { HovernetError, type NucleusClass, type RawMaps, type RgbImage } from '@hovernet/core';
import { createExecutableCache, type BatchSize, type ExecutableCache } from '../network/executable-cache.js';
import { floatFeeds } from '../network/float-feeds.js';
import { createInferenceProgram, outputSize, type HoverNetConfig, type StateDict } from '@hovernet/model';
import type { Engine } from '@hovernet/ops';
import type { WindowChoice } from './choose-window.js';
import { countWindows, createWindowMerger, cutWindow, planWindows, type WindowPadding } from '@hovernet/transforms';

/** A network with its weights, ready for images. */
export interface TrainedNetwork {
  readonly config: HoverNetConfig;
  readonly classes: readonly NucleusClass[];
  readonly state: StateDict;
}

export interface TilePredictorOptions {
  /** Side of a window in pixels; a function chooses it for each image. */
  readonly windowPx: number | WindowChoice;
  /** Windows in one run of the network. */
  readonly batchSize: number;
  /** What surrounds the image. @default 'zero' */
  readonly padding?: WindowPadding;
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
  { config, state }: TrainedNetwork,
  { windowPx, batchSize, padding = 'zero' }: TilePredictorOptions,
): TilePredictor {
  if (typeof windowPx === 'number') outputSize(config, windowPx);
  const constants = new Map(Object.entries(floatFeeds(state)));
  const compile = (size: BatchSize) =>
    engine.compile(
      createInferenceProgram(config, { batch: size.batchSize, height: size.windowPx, width: size.windowPx }),
      { constants },
    );
  // Executables of one window at a time: each holds a copy of the weights.
  let current: { readonly inputPx: number; readonly executables: ExecutableCache } | undefined;
  const executablesFor = async (inputPx: number) => {
    if (current?.inputPx !== inputPx) {
      await current?.executables.dispose();
      current = { inputPx, executables: createExecutableCache(compile) };
    }
    return current.executables;
  };
  return {
    async predict(image, { signal, onWindows } = {}) {
      const [height, width] = image.shape as [number, number];
      const inputPx = typeof windowPx === 'number' ? windowPx : windowPx(height, width);
      const window = { input: inputPx, output: outputSize(config, inputPx) };
      const executables = await executablesFor(inputPx);
      const plan = planWindows(height, width, window);
      const total = countWindows(plan);
      const mergers = createMergers(config, (channels) => createWindowMerger(plan, channels));
      const area = config.inChannels * inputPx ** 2;
      const size = Math.min(batchSize, total);
      onWindows?.(0, total);
      for (let first = 0; first < total; first += size) {
        if (signal?.aborted) throw new HovernetError('INTERRUPTED', 'inference: interrupted', { cause: signal.reason });
        // A smaller last batch is padded: one compiled size serves images of every size.
        const count = Math.min(size, total - first);
        const planes = new Float32Array(size * area);
        for (let i = 0; i < count; i++) cutWindow(image, plan, { index: first + i, planes, offset: i * area, padding });
        const outputs = await (await executables.get({ batchSize: size, windowPx: inputPx })).run({ image: planes });
        for (const [name, merger] of Object.entries(mergers)) {
          const { data, shape } = outputs[name]!;
          const step = data.length / shape[0]!;
          for (let i = 0; i < count; i++) merger.add(first + i, data as Float32Array, i * step);
        }
        onWindows?.(first + count, total);
      }
      const { np, hv, nc } = mergers;
      return { np: np.finish(), hv: hv.finish(), nc: nc?.finish() };
    },
    dispose: async () => {
      await current?.executables.dispose();
      current = undefined;
    },
  };
}

function createMergers<T>(config: HoverNetConfig, create: (channels: number) => T): { np: T; hv: T; nc?: T } {
  const { npOutChannels, outClasses } = config;
  return { np: create(npOutChannels), hv: create(2), ...(outClasses > 0 && { nc: create(outClasses) }) };
}
