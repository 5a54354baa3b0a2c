// The score workflow: metrics of predicted maps against true ones, file by file.
import { FileError, HovernetError } from '@hovernet/core';
import { loadTaxonomy } from '@hovernet/data';
import { averageInstanceScores, scoreInstances, scoreTypes, type InstanceMetrics } from '@hovernet/metrics';
import { formatTable } from '../report/format-table.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { pairFiles, type FilePair } from './pair-files.js';
import { readInstanceMap, readTypedNuclei } from './read-maps.js';

export interface ScoreOptions {
  readonly truthFolder: string;
  readonly predictionFolder: string;
  readonly mode: 'instance' | 'type';
  /** Merges the true types in mode `type`: a name or a .json file; undefined leaves them as they are. */
  readonly taxonomy?: string | undefined;
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
  const mean = averageInstanceScores(images.map(({ metrics }) => metrics));
  const rows = [...images, { name: 'mean', metrics: mean }].map(({ name, metrics }) => {
    return [name, ...Object.values(toRecord(metrics))];
  });
  return {
    document: { images: images.map(({ name, metrics }) => ({ name, ...toRecord(metrics) })), mean: toRecord(mean) },
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
  const { f1d, accuracy, f1 } = scoreTypes(images);
  const rows = [
    ['F1d', f1d],
    ['accuracy', accuracy],
    ...Object.entries(f1).map(([type, value]) => [`F1 type ${type}`, value]),
  ];
  return { document: { f1d, acc: accuracy, f1 }, summary: formatTable(['metric', 'value'], rows), failures };
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

/** The metrics under their names in files. */
function toRecord({ dice, aji, ajiPlus, dq, sq, pq }: InstanceMetrics): Record<string, number> {
  return { dice, aji, aji_plus: ajiPlus, dq, sq, pq };
}
