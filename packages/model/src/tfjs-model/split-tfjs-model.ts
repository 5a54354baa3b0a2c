// The files of a model, as TensorFlow.js's own converter lays them out.
import { ArgumentError } from '@hovernet/core';
import type { TfjsModelArtifacts } from './model-artifacts.js';

/** File that names the others. */
export const modelFileName = 'model.json';

export interface SplitTfjsModelOptions {
  /** Most bytes of a file of weights; small enough for browsers' caches. @default 4 MiB */
  readonly shardBytes?: number;
}

const defaultShardBytes = 4 * 2 ** 20;

/**
 * `model.json` and `group1-shard1of3.bin`, …, by name, for `tf.loadGraphModel('…/model.json')`. The shards are views of
 * the model's data.
 * @throws ArgumentError unless `shardBytes` is a positive integer.
 */
export function splitTfjsModel(
  artifacts: TfjsModelArtifacts,
  options: SplitTfjsModelOptions = {},
): Map<string, Uint8Array> {
  const { shardBytes = defaultShardBytes } = options;
  if (!(Number.isSafeInteger(shardBytes) && shardBytes > 0)) {
    throw new ArgumentError(`splitTfjsModel: shardBytes: expected a positive integer, got ${shardBytes}`);
  }
  const { weightData, weightSpecs, ...rest } = artifacts;
  const count = Math.ceil(weightData.byteLength / shardBytes);
  const shards = Array.from({ length: count }, (_, index) => {
    const start = index * shardBytes;
    const bytes = new Uint8Array(weightData, start, Math.min(shardBytes, weightData.byteLength - start));
    return [`group1-shard${index + 1}of${count}.bin`, bytes] as const;
  });
  const weightsManifest = [{ paths: shards.map(([name]) => name), weights: weightSpecs }];
  const json = JSON.stringify({ ...rest, weightsManifest });
  return new Map([[modelFileName, new TextEncoder().encode(json)], ...shards]);
}
