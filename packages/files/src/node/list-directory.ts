// Listing of a folder, with errors that name it.
import { readdir } from 'node:fs/promises';
import { toFileError } from './to-file-error.js';

/**
 * Names of the files of `folder` (subfolders and hidden files left out) in code unit order, as Python sorts them.
 * @throws FileError if the folder is missing or cannot be read.
 */
export async function listFileNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    throw toFileError(folder, cause);
  }
}
