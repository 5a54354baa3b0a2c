// From the files of a graph model back to weights.
import { FileError } from '@hovernet/core';
import { parseConfig } from '../checkpoint-metadata.js';
import type { IdentifiedWeights } from '../conversion/identify-weights.js';
import { elementTypes, readElements } from '@hovernet/files/internal';
import type { StoredTensor } from '@hovernet/files';
import { countElements } from '../tensors.js';
import { batchCountsKey, parseBatchCounts } from './batch-counts.js';
import { toPytorchOrder, toPytorchShape } from './filter-layout.js';
import { integerPrefix } from './graph-writer.js';
import { parseTfjsModel, type ParsedTfjsModel, type TfjsStoredWeight } from './parse-tfjs-model.js';
import { orderShards, ShardReader } from './shard-reader.js';
import { modelFileName } from './split-tfjs-model.js';

/**
 * Names of the files that `modelJson`, the bytes of model.json, needs beside it; `source` names it in errors.
 * @throws as {@link decodeTfjsModel}
 */
export function listTfjsShards(modelJson: Uint8Array, source: string = modelFileName): readonly string[] {
  return parseTfjsModel(modelJson, source).shards;
}

/**
 * Reads a graph model that `encodeTfjsModel` wrote, for `loadNetwork`: tensors in PyTorch's shapes and order, bit by bit
 * unless they were stored as float16. `shards` gives the files of {@link listTfjsShards}; tensors may be views of them.
 * @throws FileError for damaged, missing or truncated files; WeightsError for a layers model, and for a graph model that
 * does not say which network it is; UnsupportedError for weights in fewer bits than float16.
 */
export function decodeTfjsModel(
  modelJson: Uint8Array,
  shards: ReadonlyMap<string, Uint8Array>,
  source: string = modelFileName,
): IdentifiedWeights {
  const model = parseTfjsModel(modelJson, source);
  const { [batchCountsKey]: batchCounts, ...metadata } = model.metadata;
  const description = parseConfig(metadata, source);
  const tensors = readTensors(model, shards, source);
  if (batchCounts !== undefined) {
    for (const [name, count] of parseBatchCounts(batchCounts, source)) tensors.set(name, count);
  }
  const rest = { part: 'network', unused: [], extras: new Map() } as const;
  return { source, origin: 'hovernet', ...rest, tensors, ...description, metadata };
}

function readTensors(
  { shards: names, weights }: ParsedTfjsModel,
  shards: ReadonlyMap<string, Uint8Array>,
  source: string,
): Map<string, StoredTensor> {
  const reader = new ShardReader(orderShards(names, shards, source));
  const described = weights.reduce((sum, weight) => sum + countBytes(weight), 0);
  if (described !== reader.length) {
    throw new FileError(source, `it describes ${described} bytes of weights, its shards have ${reader.length}`);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const weight of weights) {
    const bytes = reader.read(countBytes(weight));
    if (!weight.name.startsWith(integerPrefix)) tensors.set(weight.name, readTensor(weight, bytes));
  }
  return tensors;
}

function readTensor({ dtype, shape }: TfjsStoredWeight, bytes: Uint8Array): StoredTensor {
  const data = readElements(dtype, bytes, countElements(shape));
  if (shape.length !== 4 || !(data instanceof Float32Array)) return { dtype, shape, data };
  return { dtype, shape: toPytorchShape(shape), data: toPytorchOrder(data, shape) };
}

function countBytes({ dtype, shape }: TfjsStoredWeight): number {
  return countElements(shape) * elementTypes[dtype].bytes;
}
