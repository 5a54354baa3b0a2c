// What a training run is made of.
import type { NucleusClass } from '@hovernet/core';
import type { HoverNetConfig, StateDict } from '@hovernet/model';
import type { EpochRecord } from './history.js';
import type { LossScale } from './loss-scaler.js';
import type { AdamState } from './optimizer.js';
import type { WeightedSums } from './weighted-means.js';

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
  /** See `TrainOptions.runKey`. */
  readonly key: string;
  readonly network: HoverNetConfig;
  readonly classes: readonly NucleusClass[];
  /** Micrometres per pixel of the images, where it is known. */
  readonly mpp?: number;
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

/** The weights that are validated and shipped: the average where there is one. */
export function shippedWeights({ weights, average }: Pick<TrainingRun, 'weights' | 'average'>): StateDict {
  return average ?? weights;
}
