// Mode `instance`: metrics of instance maps, and the panoptic quality of types where both sides have types.
import { FileError } from '@hovernet/core';
import {
  averageInstanceScores,
  estimateInstanceIntervals,
  scoreInstances,
  tallyTypedInstances,
  type InstanceMetrics,
  type TypedInstances,
  type TypedInstanceTally,
} from '@hovernet/metrics';
import { toInstanceRecord, toPanopticRecord, type PanopticRecord } from '@hovernet/training/evaluation';
import { formatTable } from '../report/format-table.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import type { FilePair } from './pair-files.js';
import { readMapping } from './read-mapping.js';
import { readInstances } from './read-maps.js';
import { readPairs } from './read-pairs.js';
import { formatInstanceTable, listPanopticRows } from './score-tables.js';
import { typeInstances } from './type-instances.js';

interface ScoredImage {
  readonly name: string;
  readonly metrics: InstanceMetrics;
  /** A sentence where an instance map lacks types. */
  readonly tally: TypedInstanceTally | string;
}

/** Scores the pairs of maps; `failures` gets a sentence for each that cannot be read. */
export async function scoreInstanceMaps(
  pairs: readonly FilePair[],
  options: { readonly taxonomy?: string | undefined; readonly failures: string[] },
  context: WorkflowContext,
): Promise<WorkflowOutcome> {
  const { failures } = options;
  const typeOf = await readMapping(options.taxonomy);
  const images = await readPairs(pairs, { signal: context.signal, failures }, (pair) => scorePair(pair, typeOf));
  const metrics = images.map((image) => image.metrics);
  const table = {
    images: images.map((image) => ({ name: image.name, ...toInstanceRecord(image.metrics) })),
    mean: toInstanceRecord(averageInstanceScores(metrics)),
    interval95: toInstanceRecord(estimateInstanceIntervals(metrics)),
  };
  const panoptic = scoreTypes(images, context);
  const instances = formatInstanceTable('image', table);
  return {
    document: { images: table.images, mean: table.mean, interval_95: table.interval95, panoptic },
    summary: panoptic ? `${instances}\n\n${formatPanoptic(panoptic)}` : instances,
    failures,
  };
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

/** Null where an image lacks types: a score of the others would not be that of the folder. */
function scoreTypes(images: readonly ScoredImage[], { reporter }: WorkflowContext): PanopticRecord | null {
  const tallies = images.flatMap(({ tally }) => (typeof tally === 'string' ? [] : [tally]));
  if (tallies.length === images.length) return toPanopticRecord(tallies);
  const problem = images.find(({ tally }) => typeof tally === 'string')!.tally as string;
  const left = `no bPQ, mPQ and mPQ+, because ${images.length - tallies.length} of ${images.length} images lack types; ${problem}`;
  if (tallies.length > 0) reporter.message(left);
  else reporter.detail(left);
  return null;
}

function formatPanoptic(panoptic: PanopticRecord): string {
  const types = Object.entries(panoptic.types).map(([type, { dq, sq, pq }]) => [`type ${type}`, dq, sq, pq]);
  const all = formatTable(['all images', 'value', '95 % from', '95 % to'], listPanopticRows(panoptic));
  return `${all}\n\n${formatTable(['all images', 'DQ', 'SQ', 'PQ'], types)}`;
}
