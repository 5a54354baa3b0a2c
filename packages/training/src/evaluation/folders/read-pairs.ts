// Reads pair after pair; what cannot be read is told of, and the rest goes on.
import { HovernetError } from '@hovernet/core';
import type { FilePair } from './pair-files.js';

/**
 * What `read` makes of the pairs. A HovernetError of one becomes a sentence among `failures`; where every pair fails, the
 * first error is thrown. Stops between pairs when `signal` is aborted, throwing its reason.
 */
export async function readPairs<T>(
  pairs: readonly FilePair[],
  { signal, failures }: { readonly signal: AbortSignal; readonly failures: string[] },
  read: (pair: FilePair) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let firstError: unknown;
  for (const pair of pairs) {
    signal.throwIfAborted();
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
