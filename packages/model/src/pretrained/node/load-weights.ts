// Weights from bytes, a file or an address, in Node.
import { rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { FileError } from '@hovernet/core';
import { readFileBytes } from '@hovernet/files/node';
import { loadNetwork } from '../../conversion/load-network.js';
import { decodeTfjsModel, listTfjsShards } from '../../tfjs-model/decode-tfjs-model.js';
import type { Weights } from '../../weights.js';
import { assertDigest, computeSha256 } from '../check-content.js';
import { loadBytes, readBytes, type LoadBytesOptions } from '../load-bytes.js';
import { locateFile, type FetchFileOptions } from './fetch-file.js';

export interface LoadWeightsOptions extends LoadBytesOptions, FetchFileOptions {}

/**
 * Loads a weight file: safetensors, PyTorch's of MONAI or the original repository, or the model.json of a TensorFlow.js model
 * of this project with the files beside it. Bytes, a path or a `file:` address do not ask the network; an http or https
 * address goes through the cache of `fetchFile`. A copy in the cache that is damaged or no weight file is removed, so that
 * the next call downloads it again; files elsewhere are never touched.
 * @throws as `fetchFile`; FileError for a damaged file; WeightsError where it does not fit its network, or holds
 * another network or an encoder alone.
 */
export async function loadWeights(
  source: string | URL | Uint8Array,
  options: LoadWeightsOptions = {},
): Promise<Weights> {
  if (source instanceof Uint8Array) {
    assertDigest('loadWeights', options.sha256);
    return loadBytes(source, options);
  }
  const { path, shown, isCached } = await locateFile('loadWeights', source, options);
  const bytes = await readFileBytes(path);
  try {
    const isModel = !isCached && extname(path).toLowerCase() === '.json';
    return isModel ? await loadTfjsModel(bytes, path, options) : await readBytes(bytes, { ...options, source: shown });
  } catch (error) {
    if (isCached && error instanceof FileError) await rm(path, { force: true });
    throw error;
  }
}

async function loadTfjsModel(bytes: Uint8Array, path: string, options: LoadWeightsOptions): Promise<Weights> {
  const shards = new Map<string, Uint8Array>();
  for (const name of listTfjsShards(bytes, path)) shards.set(name, await readFileBytes(join(dirname(path), name)));
  const network = loadNetwork(decodeTfjsModel(bytes, shards, path), options);
  return { ...network, sha256: await computeSha256(bytes) };
}
