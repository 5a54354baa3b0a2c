// Runs the train program: one forward and backward pass over a batch.
import type { Random } from '@hovernet/core';
import type { LossWeights } from '@hovernet/losses';
import { toConstants, type HoverNetConfig, type StateDict } from '@hovernet/model';
import { drawDropoutScales, type BatchStatistics, type EncoderFreeze } from '@hovernet/model/internal';
import { createExecutableCache, type Engine, type HostData } from '@hovernet/ops';
import type { TrainBatch } from '@hovernet/transforms';
import { createTrainProgram, lossScaleInput, totalLossOutput, trainOutputs } from './train-program.js';
import { unscaleGradients } from './loss-scaler.js';

/** What a batch says of the weights. */
export interface StepResult {
  readonly loss: number;
  /** Unweighted loss terms by name. */
  readonly terms: Readonly<Record<string, number>>;
  /** By parameter, in the layout of the state dict; not scaled. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly statistics: readonly BatchStatistics<Float32Array>[];
  /** Whether a gradient is not finite: with loss scaling, a sign that the scale is too large. Undefined without it. */
  readonly overflowed?: boolean;
}

export interface StepInputs {
  /** For steps with loss scaling. @default 1 */
  readonly lossScale?: number;
  /** One for each patch, which its dropout is drawn from; needed by networks with dropout. @default none */
  readonly randoms?: readonly Random[];
}

export interface TrainStep {
  /** Loss, gradients and batch statistics of `batch` under `weights`; neither is changed. */
  run(weights: StateDict, batch: TrainBatch, inputs?: StepInputs): Promise<StepResult>;
  dispose(): Promise<void>;
}

export interface TrainStepOptions {
  readonly config: HoverNetConfig;
  readonly freezeEncoder: EncoderFreeze;
  readonly lossWeights: LossWeights;
  /** Whether gradients are taken of a scaled loss, for engines of reduced precision. @default false */
  readonly lossScaling?: boolean;
}

/** A train step on `engine`; it is compiled at the first batch of each size. */
export function createTrainStep(engine: Engine, options: TrainStepOptions): TrainStep {
  const executables = createExecutableCache((size) =>
    engine.compile(createTrainProgram(options.config, { ...options, ...size })),
  );
  return {
    async run(weights, batch, { lossScale = 1, randoms = [] } = {}) {
      const [batchSize, , windowPx] = batch.shapes.image;
      const executable = await executables.get({ batchSize, windowPx });
      const dropout = drawDropoutScales(options.config, randoms);
      const feeds = { ...Object.fromEntries([...toConstants(weights), ...dropout]), ...batchFeeds(batch) };
      if (!options.lossScaling) return readResult(await executable.run(feeds));
      const scaled = { ...feeds, [lossScaleInput]: Float32Array.of(lossScale) };
      const result = readResult(await executable.run(scaled));
      return { ...result, overflowed: !unscaleGradients(result.gradients, lossScale) };
    },
    dispose: () => executables.dispose(),
  };
}

function batchFeeds({ image, np, hv, nc }: TrainBatch): Record<string, HostData> {
  return { image, np, hv, ...(nc && { nc }) };
}

function readResult(outputs: Readonly<Record<string, { readonly data: HostData }>>): StepResult {
  const terms: Record<string, number> = {};
  const gradients = new Map<string, Float32Array>();
  const statistics: BatchStatistics<Float32Array>[] = [];
  for (const [name, { data }] of Object.entries(outputs)) {
    const slash = name.indexOf('/');
    const [kind, subject] = [name.slice(0, slash), name.slice(slash + 1)];
    if (kind === 'term') terms[subject] = data[0]!;
    else if (kind === 'gradient') gradients.set(subject, data as Float32Array);
    else if (kind === 'mean') {
      statistics.push({
        name: subject,
        mean: data as Float32Array,
        variance: outputs[trainOutputs.variance(subject)]!.data as Float32Array,
        count: outputs[trainOutputs.count(subject)]!.data[0]!,
      });
    }
  }
  return { loss: outputs[totalLossOutput]!.data[0]!, terms, gradients, statistics };
}
