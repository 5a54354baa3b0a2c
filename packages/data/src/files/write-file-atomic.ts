// Writing a file so that an interruption leaves the old one or the new one, never a part of it.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toFileError } from './to-file-error.js';

/**
 * Writes `bytes` to a temporary file beside `path`, flushes it to the disk and renames it. Makes the folder if needed.
 * On failure the temporary file is removed and a former file at `path` stays as it was.
 * @throws FileError if the folder cannot be written.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    // What went wrong first is what to tell.
    await rm(temporary, { force: true }).catch(() => {});
    throw toFileError(path, cause);
  }
}
