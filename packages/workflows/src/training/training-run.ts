// What a training run is made of, and how it is saved, resumed or begun.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, WeightsError, type NucleusClass } from '@hovernet/core';
import type { Taxonomy } from '@hovernet/data';
import { initializeWeights, type HoverNetConfig, type StateDict, type WeightArray } from '@hovernet/model';
import type { HovernetConfiguration } from '../config/configuration.js';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../network/checkpoint.js';
import { describeCheckpoint } from '../network/report-checkpoint.js';
import { createAdamState, type AdamState } from './adam.js';
import { loadPretrainedEncoder } from './load-pretrained-encoder.js';
import { createLossScale, type LossScale } from './loss-scaler.js';

/** What one epoch showed. */
export interface EpochRecord {
  readonly epoch: number;
  readonly learning_rate: number;
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  /** Null where the epoch was not validated. */
  readonly val_mean_dice: number | null;
  readonly seconds: number;
}

/** A run between two epochs. The arrays of `weights` and `adam`, and `lossScale`, change in place. */
export interface TrainingRun {
  readonly network: HoverNetConfig;
  readonly classes: readonly NucleusClass[];
  /** Micrometres per pixel of the images, where it is known. */
  readonly mpp?: number;
  readonly weights: StateDict;
  readonly adam: AdamState;
  /** Used with mixed precision. */
  readonly lossScale: LossScale;
  /** One record for every epoch that is done. */
  readonly history: EpochRecord[];
}

/** The file that an interrupted run goes on from. */
export function runStatePath(config: HovernetConfiguration): string {
  return join(config.checkpointDir, 'training-state.safetensors');
}

/** Saves `run` so that {@link openRun} continues it bit for bit. */
export async function saveRun(config: HovernetConfiguration, run: TrainingRun): Promise<void> {
  const moments = (kind: string, values: ReadonlyMap<string, Float32Array>) =>
    [...values].map(([name, data]): [string, WeightArray] => {
      return [`adam/${kind}/${name}`, { dtype: 'float32', shape: run.weights.get(name)!.shape, data }];
    });
  await writeCheckpoint(runStatePath(config), {
    config: run.network,
    classes: run.classes,
    state: run.weights,
    extras: new Map([...moments('first', run.adam.first), ...moments('second', run.adam.second)]),
    metadata: {
      'hovernet.run': fingerprint(config),
      'hovernet.adam_step': String(run.adam.step),
      'hovernet.loss_scale': JSON.stringify(run.lossScale),
      'hovernet.history': JSON.stringify(run.history),
    },
  });
}

/**
 * The run that `config` describes: continued where an interrupted run of the very same configuration left off, else
 * begun from the stage-0 checkpoint (stage 1) or from random weights (stage 0).
 */
export async function openRun(
  config: HovernetConfiguration,
  network: HoverNetConfig,
  { classes, mpp }: Pick<Taxonomy, 'classes' | 'mpp'>,
): Promise<{ run: TrainingRun; origin: string }> {
  const interrupted = await readInterrupted(config);
  if (interrupted)
    return { run: { ...interrupted, network, classes, mpp }, origin: `resumed from ${runStatePath(config)}` };
  const fresh = { network, classes, mpp, adam: createAdamState(), lossScale: createLossScale(), history: [] };
  if (config.stage === 1) {
    const path = config.stage0CheckpointPath;
    const checkpoint = await readCheckpoint(path, { required: network, assumed: config.network.architecture });
    return { run: { ...fresh, weights: checkpoint.state }, origin: describeCheckpoint(path, checkpoint) };
  }
  const weights = initializeWeights(network, createRandom(config.seed).fork(0x77656967));
  const { pretrainedUrl } = config.network;
  if (pretrainedUrl === null) return { run: { ...fresh, weights }, origin: `random weights, seed ${config.seed}` };
  const { state, origin } = await loadPretrainedEncoder({ ...config.network, source: pretrainedUrl }, network, weights);
  return { run: { ...fresh, weights: state }, origin };
}

async function readInterrupted(
  config: HovernetConfiguration,
): Promise<Pick<TrainingRun, 'weights' | 'adam' | 'lossScale' | 'history'> | undefined> {
  const path = runStatePath(config);
  if (!existsSync(path)) return undefined;
  const saved = await readCheckpoint(path);
  if (saved.metadata['hovernet.run'] !== fingerprint(config)) return undefined;
  const history = JSON.parse(saved.metadata['hovernet.history'] ?? '[]') as EpochRecord[];
  if (history.length >= config.training.epochs) return undefined;
  const lossScale = saved.metadata['hovernet.loss_scale'];
  return {
    weights: saved.state,
    history,
    adam: readAdam(saved, path),
    lossScale: lossScale === undefined ? createLossScale() : (JSON.parse(lossScale) as LossScale),
  };
}

function readAdam({ extras, metadata }: Checkpoint, path: string): AdamState {
  const adam = createAdamState();
  adam.step = Number(metadata['hovernet.adam_step']);
  for (const [name, tensor] of extras) {
    const [, kind, parameter] = /^adam\/(first|second)\/(.*)$/.exec(name) ?? [];
    if (!parameter) throw new WeightsError(`${path}: unexpected tensor ${name}; delete the file to start anew`);
    (kind === 'first' ? adam.first : adam.second).set(parameter, Float32Array.from(tensor.data as Float32Array));
  }
  return adam;
}

/** What decides the weights after a given number of steps; the number of epochs, paths of results and what computes do not. */
const DECIDING = [
  'network_def',
  'loss',
  'optimizer',
  'lr_scheduler',
  'seed',
  'stage',
  'patch_size',
  'out_size',
  'taxonomy',
];

function fingerprint({ document, training, engine, datasetDir }: HovernetConfiguration): string {
  const parts = [
    DECIDING.map((id) => document[id]),
    training.sampler,
    training.accumulatedBatches,
    training.augmentation,
    engine.precision,
    datasetDir,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
