// Training: epochs of Adam steps and their validation, in one process or several that share the work.
import { join } from 'node:path';
import { createSilentReporter, HovernetError, type Reporter } from '@hovernet/core';
import { checkPatchClasses, loadTaxonomy, type Taxonomy } from '@hovernet/data';
import { countParameters } from '@hovernet/model/internal';
import { openEngine } from '@hovernet/onnx/node';
import { assertSameWeights, createSingleCommunicator, type Communicator } from './communicator.js';
import { bestEpoch, describeEpoch, outOfPatience, type EpochRecord } from './history.js';
import { createLossWatch } from './loss-watch.js';
import { findValidationPhase, openLoaders, type TrainLoaders } from './open-loaders.js';
import { hashSettings, openRun } from './open-run.js';
import { createRunFiles, noRunFiles } from './run-files.js';
import { trainEpoch } from './train-epoch.js';
import { resolveTrainOptions, type TrainOptions, type TrainSettings } from './train-options.js';
import { createTrainStep } from './train-step.js';
import { shippedWeights } from './training-run.js';
import { createValidator } from './validate.js';

/** What a training has around it. Of several processes only the first one is interrupted, reports and calls back. */
export interface TrainContext {
  /** Interrupts training; the next start with the same options resumes after the last whole step. @default never */
  readonly signal?: AbortSignal;
  /** @default reports nothing */
  readonly reporter?: Reporter;
  /** The processes that share every step: `openCommunicator` of the entry `/node`. @default this one alone */
  readonly communicator?: Communicator;
  /** Is called before the first step, with the epochs that an interrupted run has done. */
  readonly onStart?: (history: readonly EpochRecord[]) => void | Promise<void>;
  /** Is called with the loss and its terms after every step that was taken; `step` counts those of the run from 1. */
  readonly onStep?: (step: number, values: Readonly<Record<string, number>>) => void;
  /** Is called after every epoch with the records so far, its own the last; before checkpoints are written. */
  readonly onEpoch?: (history: readonly EpochRecord[]) => void | Promise<void>;
}

export interface TrainResult {
  /** Weights of the last epoch, or their average. */
  readonly weightsPath: string;
  readonly history: readonly EpochRecord[];
  /** The epoch with the best validation; null where none was validated. */
  readonly best: EpochRecord | null;
}

/**
 * Trains on prepared patches and writes to `checkpointDir`: `model.safetensors` (last epoch),
 * `model_key_metric=….safetensors` (best validation Dice), `model_epoch=N.safetensors` every `saveIntervalEpochs`. The same
 * options give the same bytes, also where the run was interrupted and resumed in between.
 * @throws TrainOptionError for options that do not fit; FileError for patches that are missing or of other classes; HovernetError ENGINE_FAILED
 * when the loss is not finite or explodes; INTERRUPTED when the signal is aborted.
 */
export async function train(options: TrainOptions, context: TrainContext = {}): Promise<TrainResult> {
  const { communicator = createSingleCommunicator() } = context;
  const taxonomy = await loadTaxonomy(options.taxonomy ?? 'consep');
  const settings = resolveTrainOptions(options, taxonomy);
  if (settings.network.outClasses > 0) {
    const remedy = `name their taxonomy, or prepare them again with ${taxonomy.name}`;
    for (const phase of [settings.trainPhase, findValidationPhase(settings)])
      await checkPatchClasses(settings.patchesDir, phase, {
        classes: taxonomy.classes,
        origin: `taxonomy ${taxonomy.name}`,
        remedy,
      });
  }
  const key = options.runKey ?? hashSettings(settings, communicator.size);
  const loaders = await openLoaders(settings, communicator);
  try {
    // Others go on when they are interrupted: the first one saves, and ends them all.
    const shown = communicator.rank === 0 ? context : {};
    return await trainOn(loaders, { settings, taxonomy, key, communicator }, shown);
  } finally {
    await loaders.dispose();
  }
}

interface TrainingSetup {
  readonly settings: TrainSettings;
  readonly taxonomy: Taxonomy;
  readonly key: string;
  readonly communicator: Communicator;
}

async function trainOn(
  loaders: TrainLoaders,
  { settings, taxonomy, key, communicator }: TrainingSetup,
  context: Omit<TrainContext, 'communicator'>,
): Promise<TrainResult> {
  const { reporter = createSilentReporter(), signal = new AbortController().signal } = context;
  const { onStart, onStep, onEpoch } = context;
  const { network, epochs, patience, checkpointDir } = settings;
  const { run, origin } = await openRun(settings, taxonomy, key);
  assertSameWeights(run.weights, communicator);
  const engine = await openEngine({ onMessage: (text) => reporter.message(text), ...settings.engine });
  const processes = communicator.size === 1 ? '' : `, ${communicator.size} processes`;
  reporter.message(
    `training ${(countParameters(network) / 1e6).toFixed(2)} M parameters on ${loaders.trainPatches} patches, ` +
      `${epochs} epochs, engine ${engine.name}${processes}; ${origin}`,
  );
  const files = communicator.rank === 0 ? createRunFiles(settings, run) : noRunFiles;
  const step = createTrainStep(engine, {
    config: network,
    freezeEncoder: settings.freezeEncoder,
    lossWeights: settings.lossWeights,
    lossScaling: settings.engine.precision === 'mixed',
  });
  const validator = createValidator(engine, network, communicator);
  const work = { run, loaders, step, communicator, watch: createLossWatch(), ...(onStep && { onStep }) };
  try {
    await onStart?.(run.history);
    for (let epoch = run.history.length, last = false; !last; epoch++) {
      const onPause = () => files.saveProgress();
      const trained = await trainEpoch(settings, { reporter, signal }, { ...work, epoch, onPause });
      const stopped = run.adam.step === settings.maxSteps;
      last = stopped || epoch + 1 === epochs;
      const due = !stopped && (last || (epoch + 1) % settings.validation.intervalEpochs === 0);
      const dice = due ? await validator.measure(shippedWeights(run), loaders.validation.batches(0, { signal })) : null;
      run.history.push({ ...trained, val_mean_dice: dice });
      run.progress = null;
      if (!last && outOfPatience(run.history, patience)) {
        reporter.message(`no better validation mean Dice for ${patience} validations: done`);
        last = true;
      }
      await onEpoch?.(run.history);
      await files.saveEpoch({ last });
      reporter.message(describeEpoch(run.history.at(-1)!, epochs));
    }
    await files.finish();
  } catch (error) {
    const interrupted = error instanceof HovernetError && error.code === 'INTERRUPTED';
    if (interrupted) await files.saveProgress({ always: true });
    throw error;
  } finally {
    await step.dispose();
    await validator.dispose();
  }
  const weightsPath = join(checkpointDir, settings.finalName);
  return { weightsPath, history: run.history, best: bestEpoch(run.history) ?? null };
}
