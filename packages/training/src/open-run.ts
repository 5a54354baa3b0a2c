// How a training run is resumed or begun.
import { createHash } from 'node:crypto';
import type { Taxonomy } from '@hovernet/data';
import { startAverage } from './average-weights.js';
import { createLossScale } from './loss-scaler.js';
import { createAdamState } from './optimizer.js';
import { readRunState } from './run-state.js';
import { loadStart } from './start-weights.js';
import type { TrainSettings } from './train-options.js';
import type { TrainingRun } from './training-run.js';

/**
 * The run of `key`: continued where an interrupted one left off, else begun from its start weights. `origin` says in words
 * from what.
 */
export async function openRun(
  settings: TrainSettings,
  { classes, mpp }: Pick<Taxonomy, 'classes' | 'mpp'>,
  key: string,
): Promise<{ run: TrainingRun; origin: string }> {
  const { network, checkpointDir, epochs, averageDecay } = settings;
  const fixed = { key, network, classes, mpp };
  const interrupted = await readRunState(checkpointDir, { key, epochs });
  if (interrupted) return { run: { ...fixed, ...interrupted.state }, origin: interrupted.origin };
  const { state: weights, origin } = await loadStart(settings);
  const average = averageDecay === null ? null : startAverage(weights);
  const begun = { adam: createAdamState(), lossScale: createLossScale(), history: [], progress: null };
  return { run: { ...fixed, weights, average, ...begun }, origin };
}

/** The default of `TrainOptions.runKey`: the number of epochs counts where the rate depends on it, what only computes does not. */
export function hashSettings(settings: TrainSettings, processes: number): string {
  const { batchSize, shuffle, dropLast } = settings.loading;
  const deciding = {
    ...settings,
    ...{ checkpointDir: null, saveIntervalEpochs: null, saveIntervalMinutes: null, maxSteps: null, patience: null },
    // Only what differs from earlier versions' only phase.
    ...{ trainPhase: settings.trainPhase === 'Train' ? undefined : settings.trainPhase },
    ...{ validationPhase: undefined, finalName: undefined },
    epochs: settings.schedule.type === 'cosine' && settings.epochs,
    engine: settings.engine.precision ?? 'float32',
    loading: { batchSize, shuffle, dropLast },
    validation: null,
    processes,
  };
  return createHash('sha256').update(JSON.stringify(deciding, sortKeys)).digest('hex');
}

/** A replacer of `JSON.stringify`: the order in which options were written decides nothing. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
