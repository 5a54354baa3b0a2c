// The training workflow: epochs of Adam steps, validation, checkpoints, log and curves.
import { join } from 'node:path';
import { ConfigError } from '@hovernet/core';
import { loadTaxonomy, writeFileAtomic, type Taxonomy } from '@hovernet/data';
import { countParameters, resolveConfig, type HoverNetConfig } from '@hovernet/model';
import type { HovernetConfiguration } from '../config/configuration.js';
import { createSingleCommunicator } from '../distributed/communicator.js';
import { checkClasses, checkWindow } from '../network/check-network.js';
import { openEngine } from '../network/open-engine.js';
import { openJsonLines } from '../report/json-lines.js';
import { openEventFile } from '../report/tensorboard/event-file.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { openLoaders, type TrainLoaders } from './open-loaders.js';
import { bestEpoch, saveEpoch } from './save-epoch.js';
import { trainEpoch } from './train-epoch.js';
import { createTrainStep } from './train-step.js';
import { removeRunState } from './run-state.js';
import { openRun, type EpochRecord, type TrainingRun } from './training-run.js';
import { createValidator } from './validate.js';

/**
 * Trains as `config` says and writes to `ckpt_dir`: `model.safetensors` (last epoch), `model_key_metric=….safetensors`
 * (best validation Dice), `model_epoch=N.safetensors` every save interval; to `output_dir`: `train_log.jsonl`,
 * `loss.svg`, `dice.svg`, TensorBoard's event files in `tensorboard`, and the resolved configuration.
 * @throws HovernetError INTERRUPTED when the signal is aborted; what was saved after the last epoch stays.
 */
export async function runTraining(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  const network = resolveConfig(config.network.architecture);
  const taxonomy = await loadTaxonomy(config.taxonomy);
  assertFits(config, network, taxonomy);
  const loaders = await openLoaders(config, network.outClasses);
  try {
    return await trainOn(loaders, { config, context, network, taxonomy });
  } finally {
    await loaders.dispose();
  }
}

interface TrainingSetup {
  readonly config: HovernetConfiguration;
  readonly context: WorkflowContext;
  readonly network: HoverNetConfig;
  readonly taxonomy: Taxonomy;
}

async function trainOn(
  loaders: TrainLoaders,
  { config, context, network, taxonomy }: TrainingSetup,
): Promise<WorkflowOutcome> {
  const { reporter, signal } = context;
  const { run, origin } = await openRun(config, network, taxonomy);
  assertTrainable(config);
  const engine = await openEngine(config.engine);
  reporter.message(
    `training ${(countParameters(network) / 1e6).toFixed(2)} M parameters on ${loaders.trainPatches} patches, ` +
      `${config.training.epochs} epochs, engine ${engine.name}; ${origin}`,
  );
  await writeFileAtomic(join(config.outputDir, 'train_config.json'), JSON.stringify(config.document, null, 2));
  const log = openJsonLines(join(config.outputDir, 'train_log.jsonl'), { append: run.history.length > 0 });
  const communicator = createSingleCommunicator();
  const events = openEventFile(join(config.outputDir, 'tensorboard'));
  const step = createTrainStep(engine, {
    config: network,
    freezeEncoder: config.network.freezeEncoder,
    lossWeights: config.loss,
    lossScaling: config.engine.precision !== 'float32',
  });
  const validator = createValidator(engine, network);
  try {
    for (let epoch = run.history.length, last = false; !last; epoch++) {
      const onStep = (at: number, values: Readonly<Record<string, number>>) =>
        events.write(at, withTags('train', values));
      const trained = await trainEpoch(config, context, { run, loaders, step, epoch, communicator, onStep });
      const stopped = run.adam.step === config.training.maxSteps;
      last = stopped || epoch + 1 === config.training.epochs;
      const due = !stopped && (last || (epoch + 1) % config.validation.intervalEpochs === 0);
      const dice = due ? await validator.measure(run.weights, loaders.validation.batches(0, { signal })) : null;
      const record = { ...trained, val_mean_dice: dice };
      run.history.push(record);
      log.write({ ...record });
      events.write(epoch + 1, {
        'epoch/train_loss': record.loss,
        'epoch/learning_rate': record.learning_rate,
        ...(dice !== null && { 'epoch/val_mean_dice': dice }),
      });
      await saveEpoch(config, run, { last });
      reporter.message(describeEpoch(record, config.training.epochs));
    }
  } finally {
    log.close();
    events.close();
    await step.dispose();
    await validator.dispose();
  }
  await removeRunState(config);
  return summarize(config, run);
}

function summarize(config: HovernetConfiguration, run: TrainingRun): WorkflowOutcome {
  const last = run.history.at(-1)!;
  const best = bestEpoch(run.history);
  const weights = join(config.checkpointDir, 'model.safetensors');
  const curve = join(config.outputDir, 'loss.svg');
  return {
    document: { weights, curve, epochs: run.history.length, best_val_mean_dice: best?.val_mean_dice ?? null, last },
    summary: `weights  ${weights}\ncurve    ${curve}\nloss     ${run.history[0]!.loss.toFixed(4)} → ${last.loss.toFixed(4)}`,
  };
}

function withTags(group: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${group}/${name}`, value]));
}

function describeEpoch({ epoch, loss, val_mean_dice: dice, seconds }: EpochRecord, epochs: number): string {
  const validated = dice === null ? '' : `, validation mean Dice ${dice.toFixed(4)}`;
  return `epoch ${epoch}/${epochs}: loss ${loss.toFixed(4)}${validated}, ${seconds.toFixed(1)} s`;
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
