// Metrics of predicted instance maps against true ones, and the panoptic quality of types where both sides have types.
import { FileError } from '@hovernet/core';
import {
  averageInstanceScores,
  estimateInstanceIntervals,
  scoreInstances,
  tallyTypedInstances,
  type InstanceMetrics,
  type Interval,
  type TypedInstances,
  type TypedInstanceTally,
} from '@hovernet/metrics';
import { toInstanceRecord, toPanopticRecord, type InstanceRecord, type PanopticRecord } from '../score-records.js';
import type { FilePair } from './pair-files.js';
import { readInstances } from './read-maps.js';
import { readPairs, type FolderScores, type ScoreFoldersContext, type ScoreFoldersOptions } from './read-pairs.js';
import { typeInstances } from './type-instances.js';

/** Keys as scripts read them. */
export interface InstanceScoresDocument {
  readonly images: readonly ({ readonly name: string } & InstanceRecord)[];
  readonly mean: InstanceRecord;
  readonly interval_95: InstanceRecord<Interval>;
  /** Null where an image lacks types: a score of the others would not be that of the folder. */
  readonly panoptic: PanopticRecord | null;
}

interface ScoredImage {
  readonly name: string;
  readonly metrics: InstanceMetrics;
  /** A sentence where an instance map lacks types. */
  readonly tally: TypedInstanceTally | string;
}

/**
 * Scores the maps of two folders, paired by name: `NAME.mat` with `inst_map`, `NAME.npy` or `NAME_instance_map.npy`. A file that
 * cannot be read, or has no counterpart, is among the failures.
 * @throws FileError where a folder or every file cannot be read; ArgumentError where no names agree; the signal's reason.
 */
export async function scoreInstanceFolders(
  options: ScoreFoldersOptions,
  context: ScoreFoldersContext = {},
): Promise<FolderScores<InstanceScoresDocument>> {
  const { results: images, failures } = await readPairs(options, context, scorePair);
  const metrics = images.map((image) => image.metrics);
  const document = {
    images: images.map((image) => ({ name: image.name, ...toInstanceRecord(image.metrics) })),
    mean: toInstanceRecord(averageInstanceScores(metrics)),
    interval_95: toInstanceRecord(estimateInstanceIntervals(metrics)),
    panoptic: scoreTypes(images, context),
  };
  return { document, failures };
}

async function scorePair(
  { name, truthPath, predictionPath }: FilePair,
  typeOf: (type: number) => number,
): Promise<ScoredImage> {
  const truth = await readInstances(truthPath);
  const prediction = await readInstances(predictionPath);
  const [size, predictedSize] = [truth, prediction].map(({ instanceMap }) => instanceMap.shape.join(', '));
  if (size !== predictedSize)
    throw new FileError(predictionPath, `expected the truth's size [${size}], got [${predictedSize}]`);
  const metrics = scoreInstances(truth.instanceMap, prediction.instanceMap);
  const typedTruth = typeInstances(truth, typeOf);
  if (isMissing(typedTruth)) return { name, metrics, tally: `${truthPath}: ${typedTruth}` };
  const typedPrediction = typeInstances(prediction);
  if (isMissing(typedPrediction)) return { name, metrics, tally: `${predictionPath}: ${typedPrediction}` };
  return { name, metrics, tally: tallyTypedInstances({ truth: typedTruth, prediction: typedPrediction }) };
}

function isMissing(instances: TypedInstances | string): instances is string {
  return typeof instances === 'string';
}

function scoreTypes(images: readonly ScoredImage[], { reporter }: ScoreFoldersContext): PanopticRecord | null {
  const tallies = images.flatMap(({ tally }) => (typeof tally === 'string' ? [] : [tally]));
  if (tallies.length === images.length) return toPanopticRecord(tallies);
  const problem = images.find(({ tally }) => typeof tally === 'string')!.tally as string;
  const left = `no bPQ, mPQ and mPQ+, because ${images.length - tallies.length} of ${images.length} images lack types; ${problem}`;
  if (tallies.length > 0) reporter?.message(left);
  else reporter?.detail(left);
  return null;
}
