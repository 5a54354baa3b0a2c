// The training workflow: a configuration trained by @hovernet/training, with its records beside it.
import { join } from 'node:path';
import { createSilentReporter } from '@hovernet/core';
import { holdFolder } from '@hovernet/files/internal/node';
import { runTogether, train, type Communicator } from '@hovernet/training';
import { openCommunicator } from '@hovernet/training/node';
import type { HovernetConfiguration } from '../config/configuration.js';
import { describeError } from '../report/describe-error.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { toConfigError, toTrainOptions } from './to-train-options.js';
import { journalDir, openJournal } from './training-journal.js';

/**
 * Trains as `config` says and writes to `ckpt_dir`: `model.safetensors` (last epoch), `model_key_metric=….safetensors`
 * (best validation Dice), `model_epoch=N.safetensors` every save interval; to `output_dir/stage0` or
 * `stage1`: `train_log.jsonl`, `loss.svg`, `dice.svg`, TensorBoard's event files in `tensorboard`, and the resolved
 * configuration. Started by `mpirun`, its processes share every step; the first one writes and reports.
 * @throws HovernetError INTERRUPTED when the signal is aborted; the next start resumes at the last step.
 */
export async function runTraining(config: HovernetConfiguration, context: WorkflowContext): Promise<WorkflowOutcome> {
  const communicator = await openCommunicator(process.env);
  const { rank, size } = communicator;
  const onFailure = (error: unknown) => {
    const { text, exitCode } = describeError(error, { verbose: false });
    context.reporter.message(`hovernet: process ${rank + 1} of ${size}: ${text}; all processes stop`);
    return exitCode;
  };
  return runTogether(communicator, () => trainConfigured(config, context, communicator), onFailure);
}

async function trainConfigured(
  config: HovernetConfiguration,
  { signal, reporter }: WorkflowContext,
  communicator: Communicator,
): Promise<WorkflowOutcome> {
  const { rank, size: processes } = communicator;
  const journal = openJournal(config);
  const holds = rank === 0 ? await holdFolders([config.checkpointDir, journalDir(config)]) : [];
  try {
    const options = toTrainOptions(config, { processes, reporter: rank === 0 ? reporter : createSilentReporter() });
    const {
      weightsPath: weights,
      history,
      best,
    } = await train(options, { signal, reporter, communicator, ...journal });
    if (rank > 0) return { document: undefined, summary: '' };
    const curve = join(journalDir(config), 'loss.svg');
    const [first, last] = [history[0]!, history.at(-1)!];
    return {
      document: { weights, curve, epochs: history.length, best_val_mean_dice: best?.val_mean_dice ?? null, last },
      summary: `weights  ${weights}\ncurve    ${curve}\nloss     ${first.loss.toFixed(4)} → ${last.loss.toFixed(4)}`,
    };
  } catch (error) {
    throw toConfigError(error);
  } finally {
    journal.close();
    for (const release of holds) await release();
  }
}

/** Two trainings into one folder would mix their weights. */
async function holdFolders(folders: readonly string[]): Promise<(() => Promise<void>)[]> {
  const holds: (() => Promise<void>)[] = [];
  try {
    for (const folder of folders) holds.push(await holdFolder(folder));
  } catch (error) {
    for (const release of holds) await release();
    throw error;
  }
  return holds;
}
