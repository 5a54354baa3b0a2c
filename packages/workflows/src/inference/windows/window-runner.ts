// The network on an engine: windows in, what it says of their centres out.
import { createInferenceProgram, outputSize, toConstants } from '@hovernet/model';
import type { Engine } from '@hovernet/ops';
import type { WindowSize } from '@hovernet/transforms';
import { createExecutableCache, type BatchSize, type ExecutableCache } from '@hovernet/ops/contract';
import type { WindowChoice } from '../choose-window.js';
import type { TrainedNetwork } from '../tile-predictor.js';
import { usableOutput } from './usable-output.js';

/** Names of the branches; nc is absent without types. */
export type Branch = 'np' | 'hv' | 'nc';
export const branches: readonly Branch[] = ['np', 'hv', 'nc'];

/** What the network says of a batch of windows: `[windows, channels, output, output]` float32 for each branch. */
export type BranchOutputs = Readonly<Partial<Record<Branch, Float32Array>>>;

/** How many windows, and of which sides. */
export interface WindowBatch {
  readonly batchSize: number;
  readonly size: WindowSize;
}

export interface WindowRunner {
  /** Channels of the windows. */
  readonly inChannels: number;
  /** Channels of each branch that is there. */
  readonly outChannels: Readonly<Partial<Record<Branch, number>>>;
  /** Sides of the windows for an image. */
  windowFor(imageHeight: number, imageWidth: number): WindowSize;
  /**
   * `planes`: `[batch, channels, input, input]` float32, 0…1; gives the centres of what the network gives, `size.output` pixels a
   * side.
   */
  run(planes: Float32Array, batch: WindowBatch): Promise<BranchOutputs>;
  dispose(): Promise<void>;
}

/**
 * A runner on `engine`; the network with its weights is compiled for the first windows, and again where their side changes.
 * @throws ShapeError if a fixed window does not fit the network.
 */
export function createWindowRunner(
  engine: Engine,
  { config, state }: TrainedNetwork,
  windowPx: number | WindowChoice,
): WindowRunner {
  if (typeof windowPx === 'number') outputSize(config, windowPx);
  const constants = toConstants(state);
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
    inChannels: config.inChannels,
    outChannels: {
      np: config.npOutChannels,
      hv: 2,
      ...(config.outClasses > 0 && { nc: config.outClasses }),
    },
    windowFor(height, width) {
      const input = typeof windowPx === 'number' ? windowPx : windowPx(height, width);
      return usableOutput(config, input, Math.max(height, width));
    },
    async run(planes, { batchSize, size }) {
      const executables = await executablesFor(size.input);
      const executable = await executables.get({ batchSize, windowPx: size.input });
      const outputs = await executable.run({ image: planes });
      const wholePx = outputSize(config, size.input);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { data }]) => [
          name,
          cropPlanes(data as Float32Array, wholePx, size.output),
        ]),
      );
    },
    dispose: async () => {
      await current?.executables.dispose();
      current = undefined;
    },
  };
}

/** The centres of square planes, one after another; the planes themselves where nothing is cut. */
function cropPlanes(planes: Float32Array, sidePx: number, croppedPx: number): Float32Array {
  if (sidePx === croppedPx) return planes;
  const margin = (sidePx - croppedPx) / 2;
  const count = planes.length / sidePx ** 2;
  const cropped = new Float32Array(count * croppedPx ** 2);
  for (let plane = 0, to = 0; plane < count; plane++) {
    for (let y = 0; y < croppedPx; y++, to += croppedPx) {
      const from = (plane * sidePx + y + margin) * sidePx + margin;
      cropped.set(planes.subarray(from, from + croppedPx), to);
    }
  }
  return cropped;
}
