// Weights from a file or an address, in Node.
import { readFile, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { FileError } from '@hovernet/core';
import { toFileError } from '@hovernet/files/node';
import { readCheckpoint, type CheckpointContent } from '../../conversion/read-checkpoint.js';
import { decodeTfjsModel, listTfjsShards } from '../../tfjs-model/decode-tfjs-model.js';
import { toWeights, type ReadWeightsOptions, type Weights } from '../read-weights.js';
import { locateFile, type FetchFileOptions } from './fetch-file.js';

export interface LoadWeightsOptions extends ReadWeightsOptions, FetchFileOptions {}

/**
 * Loads a weight file: safetensors, PyTorch's of MONAI or the original repository, or the model.json of a TensorFlow.js model
 * of this project with the files beside it. A path or a `file:` address does not ask the network; an http or https address
 * goes through the cache of `fetchFile`. A copy in the cache that is damaged or no weight file is removed, so that the next
 * call downloads it again; files elsewhere are never touched.
 * @throws as `fetchFile`; FileError and WeightsError as `readWeights`.
 */
export async function loadWeights(pathOrUrl: string | URL, options: LoadWeightsOptions = {}): Promise<Weights> {
  const { path, shown, isCached } = await locateFile('loadWeights', pathOrUrl, options);
  const bytes = await readBytes(path);
  try {
    const isModel = !isCached && extname(path).toLowerCase() === '.json';
    const content = isModel ? await readTfjsModel(bytes, path) : readCheckpoint(bytes, shown, options);
    return toWeights(content, options);
  } catch (error) {
    if (isCached && error instanceof FileError) await rm(path, { force: true });
    throw error;
  }
}

async function readTfjsModel(bytes: Uint8Array, path: string): Promise<CheckpointContent> {
  const shards = new Map<string, Uint8Array>();
  for (const name of listTfjsShards(bytes, path)) shards.set(name, await readBytes(join(dirname(path), name)));
  return decodeTfjsModel(bytes, shards, path);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw toFileError(path, cause);
  }
}
