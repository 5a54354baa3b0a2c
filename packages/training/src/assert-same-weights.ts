// Processes that train together must begin with the same weights.
import { createHash } from 'node:crypto';
import { WeightsError } from '@hovernet/core';
import type { StateDict } from '@hovernet/model';
import type { Communicator } from './communicator.js';

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
