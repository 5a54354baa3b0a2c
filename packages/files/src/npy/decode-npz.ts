// NumPy's .npz files: a zip archive of .npy files.
import { createFileBudget, type ReadLimits } from '../memory-budget.js';
import type { NumericArray } from '../numeric-array.js';
import { listZipEntries, readZipEntry } from '../zip/read-zip.js';
import { decodeNpy } from './npy.js';

/** What .npz files are made of. */
export type NamedArrays = ReadonlyMap<string, NumericArray>;

/**
 * Every array of the .npz file `bytes`, by name, in the order of the archive; entries that are no .npy files are left out.
 * `source` names the file in errors.
 * @throws FileError if it is damaged, no archive, or takes more than `maxBytes`; UnsupportedError for arrays that are not numeric.
 */
export function decodeNpz(bytes: Uint8Array, source: string, limits: ReadLimits = {}): Map<string, NumericArray> {
  const arrays = new Map<string, NumericArray>();
  const memory = createFileBudget(source, bytes.length, limits);
  for (const [name, entry] of listZipEntries(bytes, source, memory)) {
    if (!name.endsWith('.npy')) continue;
    const content = readZipEntry(bytes, entry, { source, memory });
    arrays.set(name.slice(0, -4), decodeNpy(content, `${source} (${name})`));
  }
  return arrays;
}
