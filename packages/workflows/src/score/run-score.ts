// The score workflow: metrics of predicted maps against true ones, file by file.
import { FileError, HovernetError } from '@hovernet/core';
import { loadTaxonomy } from '@hovernet/data';
import {
  averageInstanceScores,
  estimateInstanceIntervals,
  estimateTypeIntervals,
  scoreCounts,
  scoreInstances,
  scoreTypes,
} from '@hovernet/metrics';
import { formatTable } from '../report/format-table.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { toInstanceRecord } from './instance-record.js';
import { pairFiles, type FilePair } from './pair-files.js';
import { readInstanceMap, readTypedNuclei } from './read-maps.js';

export interface ScoreOptions {
  readonly truthFolder: string;
  readonly predictionFolder: string;
  readonly mode: 'instance' | 'type';
  /** Merges the true types in mode `type`: a name or a .json file; undefined leaves them as they are. */
  readonly taxonomy?: string | undefined;
  /** How centroids are paired in mode `type`: as the original, or only those within 12 pixels. @default 'global' */
  readonly pairing?: 'global' | 'gated' | undefined;
}

/** Scores every pair of files. A file that cannot be read is told, the rest is scored; all bad is an error. */
export async function runScore(options: ScoreOptions, context: WorkflowContext): Promise<WorkflowOutcome> {
  const { pairs, unpaired } = await pairFiles(options.truthFolder, options.predictionFolder);
  const failures = unpaired.map((name) => `${name}: only one of the folders has it; it is not scored`);
  const outcome = options.mode === 'instance' ? scoreInstanceMaps : scoreTypedNuclei;
  return outcome(pairs, options, context, failures);
}

type Score = (
  pairs: readonly FilePair[],
  options: ScoreOptions,
  context: WorkflowContext,
  failures: string[],
) => Promise<WorkflowOutcome>;

const scoreInstanceMaps: Score = async (pairs, _options, context, failures) => {
  const images = await readPairs(pairs, context, failures, async ({ name, truthPath, predictionPath }) => {
    const truth = await readInstanceMap(truthPath);
    const prediction = await readInstanceMap(predictionPath);
    if (truth.shape.join() !== prediction.shape.join()) {
      throw new FileError(
        predictionPath,
        `expected the truth's size [${truth.shape.join(', ')}], got [${prediction.shape.join(', ')}]`,
      );
    }
    return { name, metrics: scoreInstances(truth, prediction) };
  });
  const metrics = images.map((image) => image.metrics);
  const mean = toInstanceRecord(averageInstanceScores(metrics));
  const interval95 = toInstanceRecord(estimateInstanceIntervals(metrics));
  const records = images.map((image) => ({ name: image.name, ...toInstanceRecord(image.metrics) }));
  const rows = [...records, { name: 'mean', ...mean }].map((row) => Object.values<string | number>(row));
  // One image says nothing about others.
  if (images.length > 1) {
    rows.push(['95 % from', ...Object.values(interval95).map(([low]) => low)]);
    rows.push(['95 % to', ...Object.values(interval95).map(([, high]) => high)]);
  }
  return {
    document: { images: records, mean, interval_95: interval95 },
    summary: formatTable(['image', 'Dice', 'AJI', 'AJI+', 'DQ', 'SQ', 'PQ'], rows),
    failures,
  };
};

const scoreTypedNuclei: Score = async (pairs, options, context, failures) => {
  const mapping = options.taxonomy === undefined ? undefined : (await loadTaxonomy(options.taxonomy)).mapping;
  const images = await readPairs(pairs, context, failures, async ({ truthPath, predictionPath }) => ({
    truth: await readTypedNuclei(truthPath, (type) => mapping?.get(type) ?? type),
    prediction: await readTypedNuclei(predictionPath, (type) => type),
  }));
  const pairing = options.pairing ?? 'global';
  const scores = scoreTypes(images, { pairing });
  const intervals = estimateTypeIntervals(images, { pairing });
  const { r2, meanR2, totalR2 } = scoreCounts(images);
  const rows = [
    ['F1d', scores.f1d, ...intervals.f1d],
    ['accuracy', scores.accuracy, ...intervals.accuracy],
    ...Object.entries(scores.f1).map(([type, value]) => [`F1 type ${type}`, value, ...intervals.f1[Number(type)]!]),
    ['R² of counts', meanR2, null, null],
  ];
  return {
    document: {
      f1d: scores.f1d,
      acc: scores.accuracy,
      f1: scores.f1,
      interval_95: { f1d: intervals.f1d, acc: intervals.accuracy, f1: intervals.f1 },
      r2: { types: r2, mean: meanR2, total: totalR2 },
    },
    summary: formatTable(['metric', 'value', '95 % from', '95 % to'], rows),
    failures,
  };
};

async function readPairs<T>(
  pairs: readonly FilePair[],
  context: WorkflowContext,
  failures: string[],
  read: (pair: FilePair) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let firstError: unknown;
  for (const pair of pairs) {
    context.signal.throwIfAborted();
    try {
      results.push(await read(pair));
    } catch (error) {
      if (!(error instanceof HovernetError)) throw error;
      firstError ??= error;
      failures.push(error.message);
    }
  }
  if (results.length === 0) throw firstError;
  return results;
}
