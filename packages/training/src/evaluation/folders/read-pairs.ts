// Reads the files of two folders, pair after pair; reports what it cannot read and continues.
import { HovernetError, type Reporter } from '@hovernet/core';
import { loadTaxonomy } from '@hovernet/data';
import { pairFiles, type FilePair } from './pair-files.js';

export interface ScoreFoldersOptions {
  readonly truthFolder: string;
  readonly predictionFolder: string;
  /** Merges the true types: a name or a .json file. @default they stay as they are */
  readonly taxonomy?: string | undefined;
}

export interface ScoreFoldersContext {
  /** Aborted to stop between pairs. */
  readonly signal?: AbortSignal | undefined;
  /** Hears why there are no scores of types. @default nobody */
  readonly reporter?: Pick<Reporter, 'message' | 'detail'> | undefined;
}

/** The scores of two folders. */
export interface FolderScores<Document> {
  readonly document: Document;
  /** A sentence for each file that is not scored. */
  readonly failures: readonly string[];
}

/**
 * What `read` makes of the pairs; its `typeOf` maps a true type to that of the taxonomy, and types that it does not know to
 * themselves. A HovernetError of one pair becomes a failure.
 * @throws the first error where every pair fails; the signal's reason; what `pairFiles` and `loadTaxonomy` throw.
 */
export async function readPairs<T>(
  { truthFolder, predictionFolder, taxonomy }: ScoreFoldersOptions,
  { signal }: ScoreFoldersContext,
  read: (pair: FilePair, typeOf: (type: number) => number) => Promise<T>,
): Promise<{ readonly results: readonly T[]; readonly failures: readonly string[] }> {
  const { pairs, unpaired } = await pairFiles(truthFolder, predictionFolder);
  const mapping = taxonomy === undefined ? undefined : (await loadTaxonomy(taxonomy)).mapping;
  const results: T[] = [];
  const failures = unpaired.map((name) => `${name}: only one of the folders has it; it is not scored`);
  let firstError: unknown;
  for (const pair of pairs) {
    signal?.throwIfAborted();
    try {
      results.push(await read(pair, (type) => mapping?.get(type) ?? type));
    } catch (error) {
      if (!(error instanceof HovernetError)) throw error;
      firstError ??= error;
      failures.push(error.message);
    }
  }
  if (results.length === 0) throw firstError;
  return { results, failures };
}
