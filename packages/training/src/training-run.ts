// What a training run is made of, and how it is resumed or begun.
import { createRandom, type NucleusClass } from '@hovernet/core';
import type { Taxonomy } from '@hovernet/data';
import { initializeWeights, type HoverNetConfig, type StateDict } from '@hovernet/model';
import type { HovernetConfiguration } from '../config/configuration.js';
import { readCheckpoint } from '../network/checkpoint.js';
import { describeCheckpoint } from '../network/report-checkpoint.js';
import { createAdamState, type AdamState } from './adam.js';
import { startAverage } from './average-weights.js';
import { loadPretrainedEncoder } from './load-pretrained-encoder.js';
import { loadStartWeights } from './load-start-weights.js';
import { createLossScale, type LossScale } from './loss-scaler.js';
import type { WeightedSums } from './weighted-means.js';
import { readRunState } from './run-state.js';

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

/** How far an epoch has come that is not done. */
export interface EpochProgress {
  /** Patches that this process has stepped through. */
  readonly position: number;
  /** Loss and terms so far. */
  readonly means: WeightedSums;
  readonly seconds: number;
}

/** A run between two steps. The arrays of `weights` and `adam`, and `lossScale`, change in place. */
export interface TrainingRun {
  readonly network: HoverNetConfig;
  readonly classes: readonly NucleusClass[];
  /** Micrometres per pixel of the images, where it is known. */
  readonly mpp?: number;
  /** Processes that share each step. */
  readonly processes: number;
  readonly weights: StateDict;
  /** The moving average of the weights; null where none is kept. Its arrays change in place, too. */
  readonly average: StateDict | null;
  readonly adam: AdamState;
  /** Used with mixed precision. */
  readonly lossScale: LossScale;
  /** One record for every epoch that is done. */
  readonly history: EpochRecord[];
  /** The epoch after those of `history`, where it was begun. */
  progress: EpochProgress | null;
}

/**
 * The run that `config` describes for so many processes: continued where an interrupted run of the very same configuration left off, else
 * begun from the stage-0 checkpoint (stage 1) or from random weights (stage 0).
 */
export async function openRun(
  config: HovernetConfiguration,
  network: HoverNetConfig,
  { classes, mpp }: Pick<Taxonomy, 'classes' | 'mpp'>,
  processes: number,
): Promise<{ run: TrainingRun; origin: string }> {
  const interrupted = await readRunState(config, processes);
  if (interrupted) {
    return { run: { ...interrupted.state, network, classes, mpp, processes }, origin: interrupted.origin };
  }
  const fresh = {
    network,
    classes,
    mpp,
    processes,
    adam: createAdamState(),
    lossScale: createLossScale(),
    history: [],
    progress: null,
  };
  const begin = (weights: StateDict) => {
    const average = config.training.averageDecay === null ? null : startAverage(weights);
    return { ...fresh, weights, average };
  };
  if (config.stage === 1) {
    const path = config.stage0CheckpointPath;
    const checkpoint = await readCheckpoint(path, { required: network, assumed: config.network.architecture });
    return { run: begin(checkpoint.state), origin: describeCheckpoint(path, checkpoint) };
  }
  const weights = initializeWeights(network, createRandom(config.seed).fork(0x77656967));
  const { pretrainedUrl, startWeights } = config.network;
  if (startWeights !== null) {
    const { state, origin } = await loadStartWeights(startWeights, network, weights);
    return { run: begin(state), origin };
  }
  if (pretrainedUrl === null) return { run: begin(weights), origin: `random weights, seed ${config.seed}` };
  const { state, origin } = await loadPretrainedEncoder({ ...config.network, source: pretrainedUrl }, network, weights);
  return { run: begin(state), origin };
}

/** The weights that are validated and shipped: the average where there is one. */
export function shippedWeights({ weights, average }: Pick<TrainingRun, 'weights' | 'average'>): StateDict {
  return average ?? weights;
}
