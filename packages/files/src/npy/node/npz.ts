// NumPy's .npz files on disk, and their compression.
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync } from 'node:zlib';
import type { ReadLimits } from '../../memory-budget.js';
import { readFileBytes } from '../../node/read-file-bytes.js';
import { writeFileAtomic } from '../../node/write-file-atomic.js';
import { decodeNpz, type NamedArrays } from '../decode-npz.js';
import { encodeNpy } from '../npy.js';
import type { NumericArray } from '../../numeric-array.js';
import { writeZip } from '../../zip/write-zip.js';

/**
 * Reads every array of the .npz file at `path`, by name, in the order of the archive.
 * @throws FileError if it is missing, damaged, no archive, or takes more than `maxBytes`; UnsupportedError for arrays that
 * are not numeric.
 */
export async function readNpz(path: string, limits: ReadLimits = {}): Promise<Map<string, NumericArray>> {
  return decodeNpz(await readFileBytes(path), path, limits);
}

/** Writes `arrays` to `path`, deflated, atomically. The same arrays give the same bytes. */
export async function writeNpz(path: string, arrays: NamedArrays): Promise<void> {
  await writeFileAtomic(path, await compressNpz(arrays));
}

/**
 * The bytes of an .npz file with `arrays`, deflated.
 * @throws UnsupportedError from 4 GiB on.
 */
export function encodeNpz(arrays: NamedArrays): Uint8Array<ArrayBuffer> {
  return writeZip(listContents(arrays).map((entry) => ({ ...entry, deflated: deflateRawSync(entry.content) })));
}

/** {@link encodeNpz}, deflated on other threads. */
export async function compressNpz(arrays: NamedArrays): Promise<Uint8Array<ArrayBuffer>> {
  const deflate = promisify(deflateRaw) as (content: Uint8Array) => Promise<Buffer>;
  const entries = listContents(arrays).map(async (entry) => ({ ...entry, deflated: await deflate(entry.content) }));
  return writeZip(await Promise.all(entries));
}

function listContents(arrays: NamedArrays): { name: string; content: Uint8Array }[] {
  return Array.from(arrays, ([name, array]) => ({ name: `${name}.npy`, content: encodeNpy(array) }));
}
