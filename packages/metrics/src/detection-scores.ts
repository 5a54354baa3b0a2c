// Detection F1 of nuclei found by their centroids, pooled over images (Graham et al. 2019, F_d).
import type { Point } from '@hovernet/core';
import { pairCentroids, type PairingOptions } from './centroid-pairing.js';

/** Where a nucleus is. */
export interface DetectedNucleus {
  readonly centroid: Point;
}

/** True and predicted nuclei of one image; either list may be empty. */
export interface DetectionImage {
  readonly truth: readonly DetectedNucleus[];
  readonly prediction: readonly DetectedNucleus[];
}

export interface DetectionScores {
  /** 2·tp / (2·tp + fp + fn), 0…1; NaN where there is no nucleus at all. */
  readonly f1d: number;
  /** tp / (tp + fp); NaN without predictions. */
  readonly precision: number;
  /** tp / (tp + fn); NaN without truths. */
  readonly recall: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** Pairs the centroids of each image and scores the counts of all images together. */
export function scoreDetection(images: readonly DetectionImage[], options: PairingOptions = {}): DetectionScores {
  let truePositives = 0;
  let falsePositives = 0;
  let falseNegatives = 0;
  for (const { truth, prediction } of images) {
    const pairing = pairCentroids(
      truth.map((nucleus) => nucleus.centroid),
      prediction.map((nucleus) => nucleus.centroid),
      options,
    );
    truePositives += pairing.pairs.length;
    falsePositives += pairing.unpairedPredictions.length;
    falseNegatives += pairing.unpairedTruths.length;
  }
  return {
    f1d: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    precision: truePositives / (truePositives + falsePositives),
    recall: truePositives / (truePositives + falseNegatives),
    truePositives,
    falsePositives,
    falseNegatives,
  };
}
