// Runs the train program: one forward and backward pass over a batch.
import type { LossWeights } from '@hovernet/losses';
import type { BatchStatistics, HoverNetConfig, StateDict } from '@hovernet/model';
import type { Engine, HostData } from '@hovernet/ops';
import type { TrainBatch } from '@hovernet/transforms';
import { createExecutableCache } from '../network/executable-cache.js';
import { floatFeeds } from '../network/float-feeds.js';
import { createTrainProgram, totalLossOutput, trainOutputs } from '../network/train-program.js';

/** What a batch says of the weights. */
export interface StepResult {
  readonly loss: number;
  /** Unweighted loss terms by name. */
  readonly terms: Readonly<Record<string, number>>;
  /** By parameter, in the layout of the state dict. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly statistics: readonly BatchStatistics<Float32Array>[];
}

export interface TrainStep {
  /** Loss, gradients and batch statistics of `batch` under `weights`; neither is changed. */
  run(weights: StateDict, batch: TrainBatch): Promise<StepResult>;
  dispose(): Promise<void>;
}

/** A train step on `engine`; it is compiled at the first batch of each size. */
export function createTrainStep(
  engine: Engine,
  options: { readonly config: HoverNetConfig; readonly freezeEncoder: boolean; readonly lossWeights: LossWeights },
): TrainStep {
  const executables = createExecutableCache((size) =>
    engine.compile(createTrainProgram(options.config, { ...options, ...size })),
  );
  return {
    async run(weights, batch) {
      const [batchSize, , windowPx] = batch.shapes.image;
      const executable = await executables.get({ batchSize, windowPx });
      return readResult(await executable.run({ ...floatFeeds(weights), ...batchFeeds(batch) }));
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
