// Processes that train together: what one tells the others.
import { createHash } from 'node:crypto';
import { WeightsError } from '@hovernet/core';
import type { StateDict } from '@hovernet/model';

/** The processes of a training run. All of them call the same methods in the same order. */
export interface Communicator {
  /** This process' number, 0 … size − 1; 0 writes files and reports. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /** Replaces `values` by their sums, element by element, over all processes; the same bytes in each of them. */
  sum(values: Float32Array | Float64Array): void;
  /** The values of every process, one after the other in the order of their ranks; all give equally many. */
  gather(values: Float32Array): Float32Array;
  /** Waits until every process is here. */
  wait(): void;
  /** Ends all processes at once with `exitCode`, where others would wait for this one forever. */
  abort(exitCode: number): void;
  /** Leaves in good order; waits for the others. */
  close(): void;
}

/** A run of one process. */
export function createSingleCommunicator(): Communicator {
  return {
    rank: 0,
    size: 1,
    sum() {},
    gather: (values) => values.slice(),
    wait() {},
    abort() {},
    close() {},
  };
}

/**
 * The result of `work`. Where it fails in one of several processes, `onFailure` reports the error and gives the exit code that
 * all of them end with, so that none waits for one that has failed.
 */
export async function runTogether<Result>(
  communicator: Communicator,
  work: () => Promise<Result>,
  onFailure: (error: unknown) => number,
): Promise<Result> {
  try {
    const result = await work();
    communicator.close();
    return result;
  } catch (error) {
    if (communicator.size > 1) communicator.abort(onFailure(error));
    throw error;
  }
}

/** Waits until all processes have read their weights. Throws a WeightsError in each of them where two differ. */
export function assertSameWeights(weights: StateDict, communicator: Communicator): void {
  if (communicator.size === 1) return;
  const digest = Float32Array.from(digestOf(weights));
  const all = communicator.gather(digest);
  const differing = all.findIndex((byte, at) => byte !== all[at % digest.length]);
  if (differing < 0) return;
  const process = Math.floor(differing / digest.length) + 1;
  throw new WeightsError(
    `distributed training: expected the same weights everywhere, got others in process ${process}; give all hosts the same configuration and files`,
  );
}

/** Bytes, which float32 holds exactly. */
function digestOf(weights: StateDict): Buffer {
  const hash = createHash('sha256');
  for (const [name, { data }] of weights) hash.update(name).update(data);
  return hash.digest();
}
