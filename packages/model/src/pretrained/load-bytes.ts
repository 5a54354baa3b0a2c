// From the bytes of a weight file to weights that fill a network.
import { FileError } from '@hovernet/core';
import { identifyWeights, type IdentifyOptions } from '../conversion/identify-weights.js';
import { loadNetwork, type LoadNetworkOptions } from '../conversion/load-network.js';
import type { Weights } from '../weights.js';
import { checkSha256, computeSha256 } from './check-content.js';

/** How the file is read, and which network it is to fill. */
export interface LoadBytesOptions extends LoadNetworkOptions, IdentifyOptions {
  /** Names bytes in errors; files and addresses name themselves. @default 'weights' */
  readonly source?: string | undefined;
  /** What the file's SHA-256 must be, 64 hexadecimal digits. @default not checked */
  readonly sha256?: string | undefined;
}

/** The whole network of `bytes`, checked. @throws FileError, WeightsError, as `loadWeights`. */
export async function loadBytes(bytes: Uint8Array, options: LoadBytesOptions): Promise<Weights> {
  const { source = 'weights', sha256 } = options;
  const problem = await checkSha256(bytes, sha256);
  if (problem !== undefined) throw new FileError(source, problem);
  return readBytes(bytes, { ...options, source });
}

/** As {@link loadBytes}, for bytes of the right digest: decodes them, identifies their network, fills it. */
export async function readBytes(
  bytes: Uint8Array,
  options: LoadBytesOptions & { readonly source: string },
): Promise<Weights> {
  const network = loadNetwork(identifyWeights(bytes, options.source, options), options);
  return { ...network, sha256: await computeSha256(bytes) };
}
