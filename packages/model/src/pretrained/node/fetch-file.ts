// A file by its path or its address: addresses are downloaded once, into a cache folder.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { toFileError } from '@hovernet/files/internal/node';
import { ArgumentError, FileError, HovernetError } from '@hovernet/core';
import { assertDigest, assertNoWebPage, describeDigest, headBytes } from '../check-content.js';
import { DownloadError } from '../download-error.js';
import { download, pause, type DownloadOptions } from '../download.js';
import { parseAddress, type WeightAddress } from '../weight-address.js';
import { cacheFileName, pretrainedCacheDir } from './cache-dir.js';
import { listParts } from './part-folder.js';
import { claimPart, type PartFile } from './part-file.js';

export interface FetchFileOptions extends DownloadOptions {
  /** Folder of downloaded files, made when needed. @default `pretrained` in the system's folder for caches, see `pretrainedCacheDir` */
  readonly cacheDir?: string | undefined;
  /** What the file's SHA-256 must be, 64 hexadecimal digits. @default not checked */
  readonly sha256?: string | undefined;
  /** Variables that decide about the cache folder. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A file on this machine. */
export interface FetchedFile {
  readonly path: string;
  /** The path, or the address without what may be secret. */
  readonly shown: string;
  /** Whether it is a copy in the cache rather than a file of the user's. */
  readonly isCached: boolean;
}

/** How often a process looks whether another has ended its download. */
const WAITING_MS = 200;

/**
 * The path of a file: that of `pathOrUrl` itself where it is a path or a `file:` address, which asks nothing of the network;
 * else that of its copy in the cache. A copy is used without asking the server, unless its `sha256` is another.
 * Interrupted downloads resume, also in a later process; processes that need the same file wait for the
 * one that has begun.
 * @throws FileError for a missing file, a wrong `sha256` or a cache that cannot be written; DownloadError where the server
 * refuses, or sends a web page or a file of another `sha256`; HovernetError `INTERRUPTED` on abort.
 */
export async function fetchFile(pathOrUrl: string | URL, options: FetchFileOptions = {}): Promise<string> {
  return (await locateFile('fetchFile', pathOrUrl, options)).path;
}

/** {@link fetchFile} for `operation`, with where the file came from. */
export async function locateFile(
  operation: string,
  pathOrUrl: string | URL,
  options: FetchFileOptions,
): Promise<FetchedFile> {
  assertDigest(operation, options.sha256);
  const local = localPath(operation, pathOrUrl);
  if (local !== undefined) {
    const problem = await checkFile(local, options.sha256);
    if (problem !== undefined) throw new FileError(local, problem);
    return { path: local, shown: local, isCached: false };
  }
  const address = parseAddress(operation, pathOrUrl);
  const folder = options.cacheDir ?? pretrainedCacheDir(options.environment);
  const path = join(folder, cacheFileName(address));
  try {
    await mkdir(folder, { recursive: true });
    await fillCache(address, path, options);
  } catch (error) {
    if (error instanceof HovernetError) throw error;
    throw toFileError(folder, error);
  }
  return { path, shown: address.shown, isCached: true };
}

/** Undefined for addresses that are not of this machine. */
function localPath(operation: string, pathOrUrl: string | URL): string | undefined {
  const text = String(pathOrUrl);
  if (!/^file:/i.test(text)) return /^[a-z][a-z0-9+.-]+:\/\//i.test(text) ? undefined : text;
  try {
    return fileURLToPath(text);
  } catch (cause) {
    throw new ArgumentError(`${operation}: expected a file: address of this machine, got ${text}`, { cause });
  }
}

async function fillCache(address: WeightAddress, target: string, options: FetchFileOptions): Promise<void> {
  const { signal, sha256, onProgress } = options;
  while (!(await isUsable(target, sha256))) {
    if (signal?.aborted) {
      throw new HovernetError('INTERRUPTED', `${address.shown}: interrupted`, { cause: signal.reason });
    }
    const part = await claimPart(target);
    if (part) {
      try {
        return await finishPart(address, { part, target }, options);
      } catch (error) {
        // The process that took it over may have published the file.
        if (!part.wasTaken) throw error;
      }
      continue;
    }
    const other = (await listParts(target)).find(({ isLive }) => isLive);
    if (other) onProgress?.({ receivedBytes: other.bytes, totalBytes: undefined });
    await pause(WAITING_MS, signal);
  }
}

/** Whether the copy in the cache can be used; one of a wrong digest is removed. */
async function isUsable(target: string, sha256: string | undefined): Promise<boolean> {
  const isThere = await stat(target).then(
    () => true,
    () => false,
  );
  if (!isThere) return false;
  if ((await checkFile(target, sha256)) === undefined) return true;
  await rm(target, { force: true });
  return false;
}

async function finishPart(
  address: WeightAddress,
  { part, target }: { readonly part: PartFile; readonly target: string },
  options: FetchFileOptions,
): Promise<void> {
  try {
    // The process that was waited for may have ended between the look for the file and the claim.
    if (await isUsable(target, options.sha256)) return await part.drop();
    await download(address, part, options);
  } catch (error) {
    await part.release();
    throw error;
  }
  try {
    await part.assertOwn();
    assertNoWebPage(address.shown, await readHead(part.path));
    const problem = await checkFile(part.path, options.sha256);
    if (problem !== undefined) throw new DownloadError(address.shown, problem);
  } catch (error) {
    await part.drop();
    throw error;
  }
  await part.publish();
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What is wrong with the digest of the file at `path`; undefined where it is right or nobody asks. */
async function checkFile(path: string, sha256: string | undefined): Promise<string | undefined> {
  if (sha256 === undefined) return undefined;
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  } catch (cause) {
    throw toFileError(path, cause);
  }
  const actual = hash.digest('hex');
  return actual === sha256.toLowerCase() ? undefined : describeDigest(sha256, actual);
}
