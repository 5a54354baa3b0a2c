// One pass over the training patches.
import { HovernetError } from '@hovernet/core';
import { updateRunningStatistics } from '@hovernet/model';
import type { HovernetConfiguration } from '../config/configuration.js';
import type { WorkflowContext } from '../workflow-context.js';
import { stepAdam } from './adam.js';
import { learningRateOf } from './learning-rate.js';
import type { TrainLoaders } from './open-loaders.js';
import type { TrainStep } from './train-step.js';
import type { EpochRecord, TrainingRun } from './training-run.js';

export interface EpochWork {
  readonly run: TrainingRun;
  readonly loaders: TrainLoaders;
  readonly step: TrainStep;
  readonly epoch: number;
}

/**
 * Steps through every batch of epoch `work.epoch` (from 0) and changes the run's weights and optimiser in place.
 * @throws HovernetError INTERRUPTED when the signal is aborted, ENGINE_FAILED when the loss is not finite.
 */
export async function trainEpoch(
  config: HovernetConfiguration,
  { reporter, signal }: WorkflowContext,
  { run, loaders, step, epoch }: EpochWork,
): Promise<Omit<EpochRecord, 'val_mean_dice'>> {
  const learningRate = learningRateOf(epoch, config.optimizer.learningRate, config.schedule);
  const means = createMeans();
  const started = performance.now();
  const label = `epoch ${epoch + 1}/${config.training.epochs}`;
  const progress = reporter.startProgress({ label, total: loaders.trainPatches, unit: 'patches' });
  let done = 0;
  try {
    for await (const { batch, indices } of loaders.train.batches(epoch, { signal })) {
      const { loss, terms, gradients, statistics } = await step.run(run.weights, batch);
      assertFinite(loss, epoch);
      stepAdam(run.weights, gradients, { state: run.adam, learningRate, options: config.optimizer });
      updateRunningStatistics(run.weights, statistics);
      means.add({ loss, ...terms }, indices.length);
      done += indices.length;
      const rate = done / ((performance.now() - started) / 1000);
      progress.update(done, { ...formatTerms(means.values()), 'patches/s': rate.toFixed(1) });
      if (run.adam.step === config.training.maxSteps) break;
    }
  } finally {
    progress.finish();
  }
  const { loss, ...terms } = means.values();
  const seconds = (performance.now() - started) / 1000;
  return { epoch: epoch + 1, learning_rate: learningRate, loss: loss ?? NaN, terms, seconds };
}

/** Weighted running means by name. */
function createMeans(): {
  add(values: Record<string, number>, weight: number): void;
  values(): Record<string, number>;
} {
  const sums: Record<string, number> = {};
  let total = 0;
  return {
    add(values, weight) {
      for (const [name, value] of Object.entries(values)) sums[name] = (sums[name] ?? 0) + value * weight;
      total += weight;
    },
    values: () => Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / total])),
  };
}

function formatTerms(values: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.toFixed(3)]));
}

function assertFinite(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new HovernetError(
    'ENGINE_FAILED',
    `training: expected a finite loss, got ${loss} in epoch ${epoch + 1}; lower learning_rate and start again from the last checkpoint`,
  );
}
