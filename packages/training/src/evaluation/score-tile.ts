// What is kept of a segmented tile: its scores, and what the scores of all tiles together are computed from. No maps.
import { ArgumentError, type LabelledImage, type Nucleus, type RgbImage, type Segmentation } from '@hovernet/core';
import {
  computeMaskDice,
  scoreInstances,
  tallyTypedInstances,
  type InstanceMetrics,
  type InstanceScores,
  type TypedImage,
  type TypedInstanceTally,
} from '@hovernet/metrics';
import { compactLabels, describeNuclei } from '@hovernet/postprocess';

export interface ScoredTile {
  readonly name: string;
  readonly metrics: InstanceMetrics;
  /** Dice of the two foregrounds, NaN where no nucleus is annotated: the bundle's figure. */
  readonly maskDice: number;
  readonly nuclei: TypedImage;
  /** Null without a type branch. */
  readonly tally: TypedInstanceTally | null;
}

/** A tile with what was annotated and what was found. */
export interface SegmentedTile {
  readonly name: string;
  readonly image: RgbImage;
  /** Nuclei of the labels, ids 1…n in the order of the label map's. */
  readonly truth: readonly Nucleus[];
  readonly segmentation: Segmentation;
  readonly scores: InstanceScores;
}

/**
 * Scores `segmentation` against the labels of `tile`, whose nuclei have the exact means of their pixels as centroids and their
 * most frequent class as type. Linear in the pixels, for labels of any size.
 * @throws ArgumentError for a negative label; ShapeError where the segmentation has another size.
 */
export function scoreTile(
  name: string,
  { image, instanceMap, typeMap }: LabelledImage,
  segmentation: Segmentation,
): { readonly scored: ScoredTile; readonly tile: SegmentedTile } {
  if (instanceMap.data.some((id) => id < 0))
    throw new ArgumentError('expected labels of at least 0, got a negative one');
  const trueMap = compactLabels(instanceMap);
  const truth = describeNuclei(trueMap, { classMap: typeMap });
  const prediction = segmentation.nuclei;
  const scores = scoreInstances(trueMap, segmentation.instanceMap);
  const { dice, dice2, aji, ajiPlus, dq, sq, pq } = scores;
  const scored: ScoredTile = {
    name,
    metrics: { dice, dice2, aji, ajiPlus, dq, sq, pq },
    maskDice: computeMaskDice({ truth: trueMap, prediction: segmentation.instanceMap }),
    nuclei: { truth: truth.map(keepPlace), prediction: prediction.map(keepPlace) },
    tally: segmentation.typeMap
      ? tallyTypedInstances({ truth: { instanceMap: trueMap, nuclei: truth }, prediction: segmentation })
      : null,
  };
  return { scored, tile: { name, image, truth, segmentation, scores } };
}

function keepPlace({ centroid, type }: Nucleus): TypedImage['truth'][number] {
  return { centroid, type };
}
