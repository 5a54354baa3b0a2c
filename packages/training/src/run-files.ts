// What a run writes into its folder of checkpoints.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCheckpoint } from './checkpoint.js';
import { bestEpoch, type EpochRecord } from './history.js';
import { removeRunState, saveRunState } from './run-state.js';
import type { TrainSettings } from './train-options.js';
import { shippedWeights, type TrainingRun } from './training-run.js';

export interface RunFiles {
  /** Saves what the last epoch of the run calls for; `last` where no other follows. */
  saveEpoch(epoch: { readonly last: boolean }): Promise<void>;
  /** Saves the run in the midst of an epoch where it is time to, or `always`. */
  saveProgress(options?: { readonly always?: boolean }): Promise<void>;
  /** Removes what only an interrupted run needs. */
  finish(): Promise<void>;
}

/** The files of processes that leave them to another one. */
export const noRunFiles: RunFiles = {
  saveEpoch: () => Promise.resolve(),
  saveProgress: () => Promise.resolve(),
  finish: () => Promise.resolve(),
};

/** The files of `run`: see `train`. */
export function createRunFiles(settings: TrainSettings, run: TrainingRun): RunFiles {
  const { checkpointDir, stage, seed, taxonomy } = settings;
  let savedAt = performance.now();
  const saveState = async () => {
    await saveRunState(checkpointDir, run);
    savedAt = performance.now();
  };
  return {
    async saveEpoch({ last }) {
      const { epoch, val_mean_dice } = run.history.at(-1)!;
      // Paths and times are left out, so that the same run gives the same bytes.
      const training = { stage, seed, taxonomy, epoch, val_mean_dice };
      const { network: config, classes, mpp } = run;
      const weights = { config, classes, mpp, training, state: shippedWeights(run) };
      const save = (name: string) => writeCheckpoint(join(checkpointDir, name), weights);
      if (epoch % settings.saveIntervalEpochs === 0) await save(`model_epoch=${epoch}.safetensors`);
      const best = bestEpoch(run.history);
      if (best?.epoch === epoch) {
        const previous = bestEpoch(run.history.slice(0, -1));
        await save(`${keyMetricName(best)}.safetensors`);
        if (previous && keyMetricName(previous) !== keyMetricName(best)) {
          await rm(join(checkpointDir, `${keyMetricName(previous)}.safetensors`), { force: true });
        }
      }
      await saveState();
      if (last) await save(settings.finalName);
    },
    async saveProgress({ always = false } = {}) {
      const due = performance.now() - savedAt >= 60_000 * settings.saveIntervalMinutes;
      if (run.progress !== null && (always || due)) await saveState();
    },
    finish: () => removeRunState(checkpointDir),
  };
}

function keyMetricName(record: EpochRecord): string {
  return `model_key_metric=${(record.val_mean_dice ?? 0).toFixed(4)}`;
}
