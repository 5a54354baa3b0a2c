// The training workflow: epochs of Adam steps and their validation, in one process or several that share the work.
import { join } from 'node:path';
import { ConfigError, createSilentReporter, HovernetError } from '@hovernet/core';
import { loadTaxonomy, type Taxonomy } from '@hovernet/data';
import { countParameters, resolveConfig, type HoverNetConfig } from '@hovernet/model';
import type { HovernetConfiguration } from '../config/configuration.js';
import { assertSameWeights } from '../distributed/assert-same-weights.js';
import type { Communicator } from '../distributed/communicator.js';
import { openCommunicator } from '../distributed/open-communicator.js';
import { runTogether } from '../distributed/run-together.js';
import { checkClasses, checkWindow } from '../network/check-network.js';
import { openEngine } from '../network/open-engine.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { openLoaders, type TrainLoaders } from './open-loaders.js';
import { journalDir } from './journal-dir.js';
import { createLossWatch } from './loss-watch.js';
import { bestEpoch, outOfPatience } from './save-epoch.js';
import { trainEpoch } from './train-epoch.js';
import { createTrainStep } from './train-step.js';
import { openJournal, silentJournal } from './training-journal.js';
import { openRun, shippedWeights, type TrainingRun } from './training-run.js';
import { createValidator } from './validate.js';

/**
 * Trains as `config` says and writes to `ckpt_dir`: `model.safetensors` (last epoch), `model_key_metric=….safetensors`
 * (best validation Dice), `model_epoch=N.safetensors` every save interval; to `output_dir/stage0` or
 * `stage1`: `train_log.jsonl`, `loss.svg`, `dice.svg`, TensorBoard's event files in `tensorboard`, and the resolved
 * configuration. Started by `mpirun`, its processes share every step; the first one writes and reports.
 * @throws HovernetError INTERRUPTED when the signal is aborted; the next start goes on from the last step.
 */
export async function runTraining(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  const communicator = await openCommunicator(process.env);
  return runTogether(communicator, context.reporter, async () => {
    const network = resolveConfig(config.network.architecture);
    const taxonomy = await loadTaxonomy(config.taxonomy);
    assertFits(config, network, taxonomy);
    assertTrainable(config);
    const loaders = await openLoaders(config, network.outClasses, communicator);
    const reports = communicator.rank === 0 ? context : { ...context, reporter: createSilentReporter() };
    try {
      return await trainOn(loaders, { config, context: reports, network, taxonomy, communicator });
    } finally {
      await loaders.dispose();
    }
  });
}

interface TrainingSetup {
  readonly config: HovernetConfiguration;
  readonly context: WorkflowContext;
  readonly network: HoverNetConfig;
  readonly taxonomy: Taxonomy;
  readonly communicator: Communicator;
}

async function trainOn(
  loaders: TrainLoaders,
  { config, context, network, taxonomy, communicator }: TrainingSetup,
): Promise<WorkflowOutcome> {
  const { reporter, signal } = context;
  const { run, origin } = await openRun(config, network, taxonomy, communicator.size);
  assertSameWeights(run.weights, communicator);
  const engine = await openEngine(config.engine, undefined, { reporter });
  const processes = communicator.size === 1 ? '' : `, ${communicator.size} processes`;
  reporter.message(
    `training ${(countParameters(network) / 1e6).toFixed(2)} M parameters on ${loaders.trainPatches} patches, ` +
      `${config.training.epochs} epochs, engine ${engine.name}${processes}; ${origin}`,
  );
  const journal = communicator.rank === 0 ? await openJournal(config, run, reporter) : silentJournal;
  const step = createTrainStep(engine, {
    config: network,
    freezeEncoder: config.network.freezeEncoder,
    lossWeights: config.loss,
    lossScaling: config.engine.precision !== 'float32',
  });
  const validator = createValidator(engine, network, communicator);
  const work = { run, loaders, step, communicator, watch: createLossWatch(), onStep: journal.recordStep };
  try {
    for (let epoch = run.history.length, last = false; !last; epoch++) {
      const trained = await trainEpoch(config, context, { ...work, epoch, onPause: journal.recordProgress });
      const stopped = run.adam.step === config.training.maxSteps;
      last = stopped || epoch + 1 === config.training.epochs;
      const due = !stopped && (last || (epoch + 1) % config.validation.intervalEpochs === 0);
      const dice = due ? await validator.measure(shippedWeights(run), loaders.validation.batches(0, { signal })) : null;
      run.history.push({ ...trained, val_mean_dice: dice });
      run.progress = null;
      const patient = !outOfPatience(run.history, config.training.patience);
      if (!patient && !last)
        reporter.message(`no better validation mean Dice for ${config.training.patience} validations: done`);
      last ||= !patient;
      await journal.recordEpoch({ last });
    }
    await journal.finish();
  } catch (error) {
    const interrupted = error instanceof HovernetError && error.code === 'INTERRUPTED';
    if (interrupted) await journal.recordProgress({ always: true });
    throw error;
  } finally {
    journal.close();
    await step.dispose();
    await validator.dispose();
  }
  return communicator.rank === 0 ? summarize(config, run) : { document: undefined, summary: '' };
}

function summarize(config: HovernetConfiguration, run: TrainingRun): WorkflowOutcome {
  const last = run.history.at(-1)!;
  const best = bestEpoch(run.history);
  const weights = join(config.checkpointDir, 'model.safetensors');
  const curve = join(journalDir(config), 'loss.svg');
  return {
    document: { weights, curve, epochs: run.history.length, best_val_mean_dice: best?.val_mean_dice ?? null, last },
    summary: `weights  ${weights}\ncurve    ${curve}\nloss     ${run.history[0]!.loss.toFixed(4)} → ${last.loss.toFixed(4)}`,
  };
}

function assertTrainable({ engine }: HovernetConfiguration): void {
  if (engine.precision === 'float32' || engine.precision === 'mixed') return;
  const problem = `expected float32 or mixed for training, got ${engine.precision}, which is for inference`;
  throw new ConfigError('engine#precision', problem);
}

function assertFits(config: HovernetConfiguration, network: HoverNetConfig, taxonomy: Taxonomy): void {
  const outputPx = checkWindow('patch_size', network, config.patchSizePx);
  if (config.outputSizePx !== outputPx) {
    throw new ConfigError(
      'out_size',
      `expected ${outputPx}, what the network makes of patch_size ${config.patchSizePx}, got ${config.outputSizePx}`,
    );
  }
  checkClasses(network, taxonomy);
}
