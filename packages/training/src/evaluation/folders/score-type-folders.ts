// Detection and types of the nuclei of all images together, from their centroids.
import { estimateTypeIntervals, scoreCounts, scoreTypes, type Interval } from '@hovernet/metrics';
import type { TypeRecord } from '../evaluation-document.js';
import { readTypedNuclei } from './read-maps.js';
import { readPairs, type FolderScores, type ScoreFoldersContext, type ScoreFoldersOptions } from './read-pairs.js';

/** Keys as scripts read them. */
export interface TypeScoresDocument extends TypeRecord<number> {
  readonly interval_95: TypeRecord<Interval>;
  /** R² over images of the numbers of nuclei: of each type, in the mean, of all. */
  readonly r2: { readonly types: Readonly<Record<string, number>>; readonly mean: number; readonly total: number };
}

export interface ScoreTypeFoldersOptions extends ScoreFoldersOptions {
  /** How centroids are paired: as the original, or only those within 12 pixels. @default 'global' */
  readonly pairing?: 'global' | 'gated' | undefined;
}

/** As `scoreInstanceFolders` for the `inst_centroid` and `inst_type` of .mat files. */
export async function scoreTypeFolders(
  options: ScoreTypeFoldersOptions,
  context: ScoreFoldersContext = {},
): Promise<FolderScores<TypeScoresDocument>> {
  const { pairing = 'global' } = options;
  const { results: images, failures } = await readPairs(
    options,
    context,
    async ({ truthPath, predictionPath }, typeOf) => ({
      truth: await readTypedNuclei(truthPath, typeOf),
      prediction: await readTypedNuclei(predictionPath, (type) => type),
    }),
  );
  const scores = scoreTypes(images, { pairing });
  const intervals = estimateTypeIntervals(images, { pairing });
  const { r2, meanR2, totalR2 } = scoreCounts(images);
  const document = {
    f1d: scores.f1d,
    acc: scores.accuracy,
    f1: scores.f1,
    interval_95: { f1d: intervals.f1d, acc: intervals.accuracy, f1: intervals.f1 },
    r2: { types: r2, mean: meanR2, total: totalR2 },
  };
  return { document, failures };
}
