// What a user should know of the weights that were read.
import type { Reporter } from '@hovernet/core';
import { describeWeights } from '@hovernet/model/internal';
import type { Weights } from '@hovernet/model/node';

/** Tells what was read from the file at `path`; of files that describe themselves only as a detail. */
export function reportCheckpoint(reporter: Reporter, path: string, checkpoint: Weights): void {
  const line = describeWeights(path, checkpoint);
  if (checkpoint.origin === 'hovernet') reporter.detail(line);
  else reporter.message(line);
}
