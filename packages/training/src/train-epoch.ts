// One pass over the training patches.
import { createRandom, HovernetError, type Reporter } from '@hovernet/core';
import { updateRunningStatistics } from '@hovernet/model/internal';
import { updateAverage } from './average-weights.js';
import type { Communicator } from './communicator.js';
import type { EpochRecord } from './history.js';
import { updateLossScale } from './loss-scaler.js';
import { createLossWatch, type LossWatch } from './loss-watch.js';
import type { TrainLoaders } from './open-loaders.js';
import { learningRateOf, stepAdam } from './optimizer.js';
import { createStepGroup } from './step-group.js';
import type { TrainSettings } from './train-options.js';
import type { StepResult, TrainStep } from './train-step.js';
import type { TrainingRun } from './training-run.js';
import { createMeans } from './weighted-means.js';

export interface EpochWork {
  readonly run: TrainingRun;
  readonly loaders: TrainLoaders;
  readonly step: TrainStep;
  readonly epoch: number;
  /** The processes that share each step's work. */
  readonly communicator: Communicator;
  /** Ends training when the loss explodes. @default a new one */
  readonly watch?: LossWatch;
  /** Is told the loss and its terms after every step that was taken; `step` counts those of the run. @default nothing */
  readonly onStep?: (step: number, values: Readonly<Record<string, number>>) => void;
  /** Is called between steps, when the run could be saved and left. @default nothing */
  readonly onPause?: () => Promise<void>;
}

/** What of the settings an epoch depends on. */
export type EpochSettings = Pick<
  TrainSettings,
  'seed' | 'stage' | 'epochs' | 'maxSteps' | 'accumulatedBatches' | 'averageDecay' | 'optimizer' | 'schedule'
>;

/** Keeps the numbers of dropout apart from others of the same seed. */
const dropoutKey = 0x64726f70;

/**
 * Steps through the batches of epoch `work.epoch` (from 0) from the run's progress on, and changes the run in place.
 * @throws HovernetError INTERRUPTED when the signal is aborted, ENGINE_FAILED when the loss is not finite or explodes.
 */
export async function trainEpoch(
  settings: EpochSettings,
  { reporter, signal }: { readonly reporter: Reporter; readonly signal: AbortSignal },
  { run, loaders, step, epoch, communicator, watch = createLossWatch(), onStep, onPause }: EpochWork,
): Promise<Omit<EpochRecord, 'val_mean_dice'>> {
  const rateAt = (at?: number) => {
    const moment = { epoch, epochs: settings.epochs, ...(at !== undefined && { step: at }) };
    return learningRateOf(moment, settings.optimizer.learningRate, settings.schedule);
  };
  const dropoutRandom = createRandom(settings.seed).fork(dropoutKey, settings.stage, epoch);
  const begun = run.progress;
  const means = createMeans(begun?.means);
  const started = performance.now() - 1000 * (begun?.seconds ?? 0);
  const secondsSoFar = () => (performance.now() - started) / 1000;
  const label = `epoch ${epoch + 1}/${settings.epochs}`;
  const progress = reporter.startProgress({ label, total: loaders.trainPatches, unit: 'patches' });
  const group = createStepGroup(communicator);
  let done = (begun?.position ?? 0) * communicator.size;
  if (done > 0) progress.update(done, {});
  const finishStep = (position: number) => {
    const { patches, ...result } = group.finish();
    if (isUsable(result, run, epoch)) {
      updateWeights(run, result, { ...settings, learningRate: rateAt(run.adam.step + 1) });
      watch.add(result.loss, epoch + 1);
      onStep?.(run.adam.step, { loss: result.loss, ...result.terms });
      means.add({ loss: result.loss, ...result.terms }, patches);
    }
    done += patches;
    const rate = done / secondsSoFar();
    run.progress = { position, means: means.state(), seconds: secondsSoFar() };
    progress.update(done, { ...formatTerms(means.values()), 'patches/s': rate.toFixed(1) });
  };
  try {
    for await (const { batch, indices, next } of loaders.train.batches(epoch, {
      position: begun?.position ?? 0,
      signal,
    })) {
      const randoms = indices.map((index) => dropoutRandom.fork(index));
      const running = step.run(run.weights, batch, { lossScale: run.lossScale.scale, randoms });
      const result = await orInterrupted(running, signal);
      group.add(result, indices.length);
      const isLast = next.epoch !== epoch;
      if (group.size === settings.accumulatedBatches || isLast) {
        finishStep(isLast ? loaders.train.samplesPerEpoch : next.position);
        await onPause?.();
      }
      if (run.adam.step === settings.maxSteps) break;
    }
  } finally {
    progress.finish();
  }
  const { loss, ...terms } = means.values();
  return { epoch: epoch + 1, learning_rate: rateAt(), loss: loss ?? NaN, terms, seconds: secondsSoFar() };
}

/** A step may take longer than a batch system waits, so an interruption gives it up: the run is as it was before it. */
async function orInterrupted<Result>(running: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) throw interrupted(signal);
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(interrupted(signal)), { signal: ended.signal });
  });
  try {
    return await Promise.race([running, aborted]);
  } finally {
    ended.abort();
    running.catch(() => undefined);
  }
}

function interrupted({ reason }: AbortSignal): HovernetError {
  return new HovernetError('INTERRUPTED', 'training: interrupted', { cause: reason });
}

/**
 * Whether to step: not where mixed precision overflowed, which lowers the loss scale for the next batch.
 * @throws HovernetError ENGINE_FAILED when numbers are not finite although nothing is scaled up.
 */
function isUsable({ loss, overflowed }: StepResult, { lossScale }: TrainingRun, epoch: number): boolean {
  const usable = overflowed !== true && Number.isFinite(loss);
  if (!usable && (overflowed === undefined || lossScale.scale <= 1)) {
    const what = Number.isFinite(loss) ? 'finite gradients, got others' : `a finite loss, got ${loss}`;
    throw new HovernetError(
      'ENGINE_FAILED',
      `training: expected ${what} in epoch ${epoch + 1}; lower the learning rate and start again from the last checkpoint`,
    );
  }
  if (overflowed !== undefined) updateLossScale(lossScale, !usable);
  return usable;
}

/** A step of the optimiser, and what follows from it: running statistics and the average of the weights. */
function updateWeights(
  { weights, average, adam }: TrainingRun,
  { gradients, statistics }: StepResult,
  {
    optimizer: options,
    averageDecay: decay,
    learningRate,
  }: Pick<TrainSettings, 'optimizer' | 'averageDecay'> & { readonly learningRate: number },
): void {
  stepAdam(weights, gradients, { state: adam, learningRate, options });
  updateRunningStatistics(weights, statistics);
  if (average) updateAverage(average, weights, { decay: decay!, step: adam.step });
}

function formatTerms(values: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.toFixed(3)]));
}
