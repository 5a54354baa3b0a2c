// What a training run leaves on disk while it goes on: configuration, log, events, checkpoints, curves.
import type { Reporter } from '@hovernet/core';
import { join } from 'node:path';
import type { HovernetConfiguration } from '../config/configuration.js';
import { saveConfiguration } from '../config/save-configuration.js';
import { openJsonLines } from '../report/json-lines.js';
import { openEventFile } from '../report/tensorboard/event-file.js';
import { journalDir } from './journal-dir.js';
import { removeRunState, saveRunState } from './run-state.js';
import { saveEpoch } from './save-epoch.js';
import type { EpochRecord, TrainingRun } from './training-run.js';

export interface TrainingJournal {
  /** Loss and terms of a step, by name. */
  readonly recordStep: (step: number, values: Readonly<Record<string, number>>) => void;
  /** The last epoch of the run's history; `last` where no other follows. */
  readonly recordEpoch: (epoch: { readonly last: boolean }) => Promise<void>;
  /** Saves the run in the midst of an epoch where it is time to, or `always`. */
  readonly recordProgress: (options?: { readonly always?: boolean }) => Promise<void>;
  /** Removes what only an interrupted run needs. */
  readonly finish: () => Promise<void>;
  readonly close: () => void;
}

/** The journal of processes that leave it to another one. */
export const silentJournal: TrainingJournal = {
  recordStep() {},
  recordEpoch: () => Promise.resolve(),
  recordProgress: () => Promise.resolve(),
  finish: () => Promise.resolve(),
  close() {},
};

/** Opens the journal of `run`; a run that goes on continues its log. */
export async function openJournal(
  config: HovernetConfiguration,
  run: TrainingRun,
  reporter: Reporter,
): Promise<TrainingJournal> {
  const folder = journalDir(config);
  await saveConfiguration(config, folder, 'train');
  const log = openJsonLines(join(folder, 'train_log.jsonl'), { append: run.history.length > 0 });
  const events = openEventFile(join(folder, 'tensorboard'));
  let savedAt = performance.now();
  return {
    recordStep(step, values) {
      events.write(step, Object.fromEntries(Object.entries(values).map(([name, value]) => [`train/${name}`, value])));
    },
    async recordEpoch({ last }) {
      const record = run.history.at(-1)!;
      log.write({ ...record });
      events.write(record.epoch, epochEvents(record));
      await saveEpoch(config, run, { last });
      savedAt = performance.now();
      reporter.message(describeEpoch(record, config.training.epochs));
    },
    async recordProgress({ always = false } = {}) {
      const due = performance.now() - savedAt >= 60_000 * config.training.saveIntervalMinutes;
      if (run.progress === null || !(always || due)) return;
      await saveRunState(config, run);
      savedAt = performance.now();
    },
    finish: () => removeRunState(config),
    close() {
      log.close();
      events.close();
    },
  };
}

function epochEvents({ loss, learning_rate: rate, val_mean_dice: dice }: EpochRecord): Record<string, number> {
  const events = { 'epoch/train_loss': loss, 'epoch/learning_rate': rate };
  return dice === null ? events : { ...events, 'epoch/val_mean_dice': dice };
}

function describeEpoch({ epoch, loss, val_mean_dice: dice, seconds }: EpochRecord, epochs: number): string {
  const validated = dice === null ? '' : `, validation mean Dice ${dice.toFixed(4)}`;
  return `epoch ${epoch}/${epochs}: loss ${loss.toFixed(4)}${validated}, ${seconds.toFixed(1)} s`;
}
