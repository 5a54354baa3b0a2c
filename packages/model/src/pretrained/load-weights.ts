// Weights from an address, as a page loads them.
import type { Weights } from '../weights.js';
import { assertDigest, assertNoWebPage, checkSha256 } from './check-content.js';
import { DownloadError } from './download-error.js';
import { download, type DownloadOptions } from './download.js';
import { loadBytes, readBytes, type LoadBytesOptions } from './load-bytes.js';
import { createMemorySink } from './memory-sink.js';
import { parseAddress, type WeightAddress } from './weight-address.js';

export interface LoadWeightsOptions extends LoadBytesOptions, DownloadOptions {
  /** Keeps the file for later visits, for example `await caches.open('hovernet')`. @default none */
  readonly cache?: Pick<Cache, 'match' | 'put' | 'delete'> | undefined;
}

/**
 * Loads the network of a weight file: its bytes, or its address, http or https; in a page it may be relative to the page. A
 * kept file is used without asking the server, unless its `sha256` is another. `@hovernet/model/node` has the one for Node,
 * with files and a cache folder.
 * @throws DownloadError, as `download` and where the content is no weight file or of another `sha256`; FileError for a
 * damaged file; WeightsError where it does not fit its network, or holds another network or an encoder alone; HovernetError `INTERRUPTED` on abort.
 */
export async function loadWeights(
  addressOrBytes: string | URL | Uint8Array,
  options: LoadWeightsOptions = {},
): Promise<Weights> {
  assertDigest('loadWeights', options.sha256);
  if (addressOrBytes instanceof Uint8Array) return loadBytes(addressOrBytes, options);
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  const parsed = parseAddress('loadWeights', addressOrBytes, location?.href);
  const reading = { ...options, source: parsed.shown };
  const kept = await findKept(parsed, options);
  if (kept) return readBytes(kept, reading);

  const sink = createMemorySink();
  await download(parsed, sink, options);
  const bytes = sink.read();
  assertNoWebPage(parsed.shown, bytes);
  const problem = await checkSha256(bytes, options.sha256);
  if (problem !== undefined) throw new DownloadError(parsed.shown, problem);
  const network = await readBytes(bytes, reading);
  // A full cache costs the next visit a download, not this one its network.
  await options.cache?.put(parsed.identity, new Response(bytes)).catch(() => undefined);
  return network;
}

async function findKept(
  { identity }: WeightAddress,
  { cache, sha256 }: LoadWeightsOptions,
): Promise<Uint8Array | undefined> {
  const response = await cache?.match(identity);
  if (!response) return undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  if ((await checkSha256(bytes, sha256)) === undefined) return bytes;
  await cache?.delete(identity);
  return undefined;
}
