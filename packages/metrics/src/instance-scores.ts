// All instance metrics of an image, and their mean over images.
import type { LabelMap } from '@hovernet/core';
import { computeAji, computeAjiPlus } from './aji.js';
import {
  bootstrapIntervals,
  computeMean,
  type BootstrapOptions,
  type Interval,
  type MeanOptions,
} from './statistics.js';
import { computeDice, computeDice2 } from './dice.js';
import { computeOverlapTable } from './overlap-table.js';
import { computePanopticQuality, type PanopticQuality, type PanopticQualityOptions } from './panoptic-quality.js';

/** The metrics of instance segmentation, each 0…1, or NaN where it is undefined. */
export interface InstanceMetrics {
  readonly dice: number;
  readonly dice2: number;
  readonly aji: number;
  readonly ajiPlus: number;
  readonly dq: number;
  readonly sq: number;
  readonly pq: number;
}

/** Metrics of one image, and the pairing that DQ, SQ and PQ rest on. */
export type InstanceScores = InstanceMetrics & PanopticQuality;

const metricNames = ['dice', 'dice2', 'aji', 'ajiPlus', 'dq', 'sq', 'pq'] as const;

/**
 * Scores the instances of `prediction` against `truth`, label maps `[height, width]` of the same size with any ids.
 * Linear in the pixels. Both maps empty: every metric is NaN; one empty: every metric is 0.
 * @throws ShapeError if the maps differ in size; ArgumentError for a negative id or a `matchIou` outside [0, 1).
 */
export function scoreInstances(
  truth: LabelMap,
  prediction: LabelMap,
  options: PanopticQualityOptions = {},
): InstanceScores {
  const table = computeOverlapTable(truth, prediction);
  return {
    dice: computeDice(table),
    dice2: computeDice2(table),
    aji: computeAji(table),
    ajiPlus: computeAjiPlus(table),
    ...computePanopticQuality(table, options),
  };
}

/** Mean of each metric over images. An image without any nucleus is left out, or with `propagate` (as the original) makes it NaN. */
export function averageInstanceScores(images: readonly InstanceMetrics[], options: MeanOptions = {}): InstanceMetrics {
  const means = metricNames.map((name) => [
    name,
    computeMean(
      images.map((image) => image[name]),
      options,
    ),
  ]);
  return Object.fromEntries(means) as InstanceMetrics;
}

/** Bootstrap intervals over images of what {@link averageInstanceScores} gives. */
export function estimateInstanceIntervals(
  images: readonly InstanceMetrics[],
  options: BootstrapOptions & MeanOptions = {},
): Readonly<Record<keyof InstanceMetrics, Interval>> {
  return bootstrapIntervals(images, (drawn) => ({ ...averageInstanceScores(drawn, options) }), options);
}
