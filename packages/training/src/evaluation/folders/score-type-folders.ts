// Mode `type`: detection and types of the nuclei of all images together.
import { estimateTypeIntervals, scoreCounts, scoreTypes } from '@hovernet/metrics';
import { formatTable } from '../report/format-table.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import type { FilePair } from './pair-files.js';
import { readMapping } from './read-mapping.js';
import { readTypedNuclei } from './read-maps.js';
import { readPairs } from './read-pairs.js';
import type { ScoreOptions } from './score-options.js';

/** Scores the nuclei of the pairs; `failures` gets a sentence for each that cannot be read. */
export async function scoreTypedNuclei(
  pairs: readonly FilePair[],
  options: Pick<ScoreOptions, 'taxonomy' | 'pairing'> & { readonly failures: string[] },
  { signal }: WorkflowContext,
): Promise<WorkflowOutcome> {
  const { failures, pairing = 'global' } = options;
  const typeOf = await readMapping(options.taxonomy);
  const images = await readPairs(pairs, { signal, failures }, async ({ truthPath, predictionPath }) => ({
    truth: await readTypedNuclei(truthPath, typeOf),
    prediction: await readTypedNuclei(predictionPath, (type) => type),
  }));
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
}
