// What is written after every epoch: checkpoints, the state to resume from, the curves.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@hovernet/data';
import type { TrainingProvenance } from '@hovernet/model';
import type { HovernetConfiguration } from '../config/configuration.js';
import { writeCheckpoint } from '../network/checkpoint.js';
import { renderCurve } from '../report/render-curve.js';
import { journalDir } from './journal-dir.js';
import { saveRunState } from './run-state.js';
import { shippedWeights, type EpochRecord, type TrainingRun } from './training-run.js';

/** Saves what the last epoch of `run` calls for: see runTraining. */
export async function saveEpoch(
  config: HovernetConfiguration,
  run: TrainingRun,
  { last }: { readonly last: boolean },
): Promise<void> {
  const { epoch } = run.history.at(-1)!;
  const details = { mpp: run.mpp, training: describeTraining(config, run.history.at(-1)!) };
  const weights = { config: run.network, classes: run.classes, state: shippedWeights(run), details };
  const save = (name: string) => writeCheckpoint(join(config.checkpointDir, `${name}.safetensors`), weights);
  if (epoch % config.training.saveIntervalEpochs === 0) await save(`model_epoch=${epoch}`);
  const best = bestEpoch(run.history);
  if (best?.epoch === epoch) {
    const previous = bestEpoch(run.history.slice(0, -1));
    await save(keyMetricName(best));
    if (previous && keyMetricName(previous) !== keyMetricName(best)) {
      await rm(join(config.checkpointDir, `${keyMetricName(previous)}.safetensors`), { force: true });
    }
  }
  await saveRunState(config, run);
  if (last) await save('model');
  await writeCurves(config, run.history);
}

/** What the checkpoint says of its making; paths and times are left out, so that the same run gives the same bytes. */
function describeTraining(
  { stage, seed, taxonomy }: HovernetConfiguration,
  { epoch, val_mean_dice }: EpochRecord,
): TrainingProvenance {
  return { stage, seed, taxonomy, epoch, val_mean_dice };
}

/** Whether the last `patience` validations brought no better Dice than one before them; never where it is null. */
export function outOfPatience(history: readonly EpochRecord[], patience: number | null): boolean {
  if (patience === null) return false;
  const validated = history.filter(({ val_mean_dice }) => val_mean_dice !== null);
  const best = bestEpoch(validated);
  return best !== undefined && validated.length - 1 - validated.indexOf(best) >= patience;
}

/** The epoch with the highest validation Dice, the first of equals. */
export function bestEpoch(history: readonly EpochRecord[]): EpochRecord | undefined {
  return history.reduce<EpochRecord | undefined>((best, record) => {
    return (record.val_mean_dice ?? -1) > (best?.val_mean_dice ?? -1) ? record : best;
  }, undefined);
}

function keyMetricName(record: EpochRecord): string {
  return `model_key_metric=${(record.val_mean_dice ?? 0).toFixed(4)}`;
}

async function writeCurves(config: HovernetConfiguration, history: readonly EpochRecord[]): Promise<void> {
  const points = (value: (record: EpochRecord) => number | null) =>
    history.map((record) => [record.epoch, value(record) ?? NaN] as const);
  const termNames = Object.keys(history[0]?.terms ?? {});
  const loss = renderCurve(
    [
      { name: 'total', points: points((record) => record.loss) },
      ...termNames.map((name) => ({ name, points: points((record) => record.terms[name]!) })),
    ],
    { title: 'Training loss', yLabel: 'loss', yScale: 'log' },
  );
  const dice = renderCurve([{ name: 'validation mean Dice', points: points((record) => record.val_mean_dice) }], {
    title: 'Validation',
    yLabel: 'mean Dice',
  });
  await writeFileAtomic(join(journalDir(config), 'loss.svg'), loss);
  await writeFileAtomic(join(journalDir(config), 'dice.svg'), dice);
}
