// Weights from a file or an address, in Node.
import { readFile, rm } from 'node:fs/promises';
import { toFileError } from '@hovernet/files/node';
import { FileError } from '@hovernet/core';
import { readPretrained, type PretrainedNetwork, type ReadPretrainedOptions } from '../read-pretrained.js';
import { locateFile, type FetchFileOptions } from './fetch-file.js';

export interface LoadPretrainedOptions extends ReadPretrainedOptions, FetchFileOptions {}

/**
 * Loads the network of a weight file: from a path or a `file:` address without asking the network, from an http or https
 * address through the cache of `fetchFile`. A copy in the cache that is damaged or no weight file is removed, so that the next
 * call downloads it again; files elsewhere are never touched.
 * @throws as `fetchFile`; FileError and WeightsError as `readPretrained`.
 */
export async function loadPretrained(
  pathOrUrl: string | URL,
  options: LoadPretrainedOptions = {},
): Promise<PretrainedNetwork> {
  const { path, shown, isCached } = await locateFile('loadPretrained', pathOrUrl, options);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw toFileError(path, cause);
  }
  try {
    return readPretrained(bytes, shown, options);
  } catch (error) {
    if (isCached && error instanceof FileError) await rm(path, { force: true });
    throw error;
  }
}
