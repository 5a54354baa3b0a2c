// The state of an interrupted run on disk: weights, optimiser, loss scale, history; and the state before it.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HovernetError, WeightsError } from '@hovernet/core';
import type { WeightArray } from '@hovernet/model';
import { copyWeightArray } from '@hovernet/model/internal';
import { loadWeights, type Weights } from '@hovernet/model/node';
import { writeCheckpoint } from './checkpoint.js';
import type { EpochRecord } from './history.js';
import { createLossScale, type LossScale } from './loss-scaler.js';
import { createAdamState } from './optimizer.js';
import type { EpochProgress, TrainingRun } from './training-run.js';

/** What a run resumes from. */
export type RunState = Pick<TrainingRun, 'weights' | 'average' | 'adam' | 'lossScale' | 'history' | 'progress'>;

/** Which run to resume. */
export interface RunIdentity {
  /** See `TrainOptions.runKey`. */
  readonly key: string;
  /** Epochs of the whole run. */
  readonly epochs: number;
}

/** The last state and the one before it, which is there for when the last one cannot be read. */
function statePaths(folder: string): readonly [last: string, former: string] {
  const path = (name: string) => join(folder, `training-state${name}.safetensors`);
  return [path(''), path('.former')];
}

/** Saves `run` in `folder` so that {@link readRunState} gives it back bit for bit. */
export async function saveRunState(folder: string, run: TrainingRun): Promise<void> {
  const moments = (kind: string, values: ReadonlyMap<string, Float32Array>) =>
    [...values].map(([name, data]): [string, WeightArray] => {
      return [`adam/${kind}/${name}`, { dtype: 'float32', shape: run.weights.get(name)!.shape, data }];
    });
  const [last, former] = statePaths(folder);
  if (existsSync(last)) await rename(last, former);
  await writeCheckpoint(last, {
    config: run.network,
    classes: run.classes,
    state: run.weights,
    extras: new Map([
      ...moments('first', run.adam.first),
      ...moments('second', run.adam.second),
      ...Array.from(run.average ?? [], ([name, array]) => [`average/${name}`, array] as const),
    ]),
    metadata: {
      'hovernet.run': run.key,
      'hovernet.adam_step': String(run.adam.step),
      'hovernet.loss_scale': JSON.stringify(run.lossScale),
      'hovernet.history': JSON.stringify(run.history),
      'hovernet.progress': JSON.stringify(run.progress),
    },
  });
}

/** Removes what {@link saveRunState} wrote. */
export async function removeRunState(folder: string): Promise<void> {
  for (const path of statePaths(folder)) await rm(path, { force: true });
}

/**
 * The state in `folder` of an interrupted run of the same key that has epochs left, and a sentence that tells where it is from; undefined
 * where there is none. A state that cannot be read gives way to the one before it.
 * @throws FileError or WeightsError where neither can be read.
 */
export async function readRunState(
  folder: string,
  run: RunIdentity,
): Promise<{ readonly state: RunState; readonly origin: string } | undefined> {
  const [last, former] = statePaths(folder);
  try {
    const state = await readState(last, run);
    if (state) return { state, origin: describeOrigin(last, state) };
    if (existsSync(last)) return undefined;
  } catch (error) {
    if (!(error instanceof HovernetError) || !existsSync(former)) throw error;
    const state = await readState(former, run);
    return (
      state && {
        state,
        origin: `${describeOrigin(former, state)}, because the state after it is damaged (${error.message})`,
      }
    );
  }
  const state = await readState(former, run);
  return state && { state, origin: `${describeOrigin(former, state)}, because the state after it was never finished` };
}

function describeOrigin(path: string, { history, progress }: RunState): string {
  const within = progress && `, after ${progress.means.weight} patches of epoch ${history.length + 1}`;
  return `resumed from ${path}${within ?? ''}`;
}

async function readState(path: string, run: RunIdentity): Promise<RunState | undefined> {
  if (!existsSync(path)) return undefined;
  const saved = await loadWeights(path);
  if (saved.metadata['hovernet.run'] !== run.key) return undefined;
  const history = JSON.parse(saved.metadata['hovernet.history'] ?? '[]') as EpochRecord[];
  if (history.length >= run.epochs) return undefined;
  const lossScale = saved.metadata['hovernet.loss_scale'];
  return {
    weights: saved.state,
    history,
    progress: JSON.parse(saved.metadata['hovernet.progress'] ?? 'null') as EpochProgress | null,
    ...readExtras(saved, path),
    lossScale: lossScale === undefined ? createLossScale() : (JSON.parse(lossScale) as LossScale),
  };
}

/** Moments of the optimiser and, where it was kept, the average. */
function readExtras({ extras, metadata }: Weights, path: string): Pick<RunState, 'adam' | 'average'> {
  const adam = createAdamState();
  adam.step = Number(metadata['hovernet.adam_step']);
  const average = new Map<string, WeightArray>();
  for (const [name, tensor] of extras) {
    const [, kind, parameter] = /^(adam\/first|adam\/second|average)\/(.*)$/.exec(name) ?? [];
    if (!parameter) throw new WeightsError(`${path}: unexpected tensor ${name}; delete the file to start anew`);
    if (kind === 'average') average.set(parameter, copyWeightArray(tensor as WeightArray));
    else (kind === 'adam/first' ? adam.first : adam.second).set(parameter, (tensor.data as Float32Array).slice());
  }
  return { adam, average: average.size > 0 ? average : null };
}
