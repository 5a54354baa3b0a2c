// Weights from an address, as a page loads them.
import { DownloadError } from './download-error.js';
import { assertDigest, assertNoWebPage, computeSha256, describeDigest } from './check-content.js';
import { download, type DownloadOptions } from './download.js';
import { createMemorySink } from './memory-sink.js';
import { readWeights, type Weights, type ReadWeightsOptions } from './read-weights.js';
import { parseAddress, type WeightAddress } from './weight-address.js';

export interface LoadWeightsOptions extends ReadWeightsOptions, DownloadOptions {
  /** Keeps the file for later visits, for example `await caches.open('hovernet')`. @default none */
  readonly cache?: Pick<Cache, 'match' | 'put' | 'delete'> | undefined;
  /** What the file's SHA-256 must be, 64 hexadecimal digits. @default not checked */
  readonly sha256?: string | undefined;
}

/**
 * Loads the network of the weight file at `address`, http or https; in a page it may be relative to the page. A kept file is
 * used without asking the server, unless its `sha256` is another. `@hovernet/model/node` has the one for Node, with files
 * and a cache folder.
 * @throws DownloadError, as `download` and where the content is no weight file or of another `sha256`; FileError and
 * WeightsError as {@link readWeights}; HovernetError `INTERRUPTED` on abort.
 */
export async function loadWeights(address: string | URL, options: LoadWeightsOptions = {}): Promise<Weights> {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  const parsed = parseAddress('loadWeights', address, location?.href);
  assertDigest('loadWeights', options.sha256);
  const kept = await findKept(parsed, options);
  if (kept) return readWeights(kept, parsed.shown, options);

  const sink = createMemorySink();
  await download(parsed, sink, options);
  const bytes = sink.read();
  assertNoWebPage(parsed.shown, bytes);
  const problem = await checkDigest(bytes, options.sha256);
  if (problem !== undefined) throw new DownloadError(parsed.shown, problem);
  const network = readWeights(bytes, parsed.shown, options);
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
  if ((await checkDigest(bytes, sha256)) === undefined) return bytes;
  await cache?.delete(identity);
  return undefined;
}

async function checkDigest(bytes: Uint8Array<ArrayBuffer>, sha256: string | undefined): Promise<string | undefined> {
  if (sha256 === undefined) return undefined;
  const actual = await computeSha256(bytes);
  return actual === sha256.toLowerCase() ? undefined : describeDigest(sha256, actual);
}
