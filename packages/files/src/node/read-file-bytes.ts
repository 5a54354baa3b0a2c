// Reading a whole file, with errors that name it.
import { readFile } from 'node:fs/promises';
import { toFileError } from './to-file-error.js';

/**
 * The bytes of the file at `path`.
 * @throws FileError if it is missing (`MISSING_FILE`) or cannot be read.
 */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw toFileError(path, cause);
  }
}
