// Writing a file so that an interruption leaves the old one or the new one, never a part of it.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HovernetError } from '@hovernet/core';
import { toFileError } from './to-file-error.js';

/** A file's content, whole or in parts; text is written as UTF-8. */
export type FileContent = Uint8Array | string | AsyncIterable<Uint8Array | string>;

/**
 * Writes `content` to a temporary file beside `path`, flushes it to the disk and renames it. Makes the folder if needed.
 * On failure the temporary file is removed and a former file at `path` stays as it was.
 * @throws FileError if the folder cannot be written; the HovernetError that `content` throws.
 */
export async function writeFileAtomic(path: string, content: FileContent): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await writeFile(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    // What went wrong first is what to tell.
    await rm(temporary, { force: true }).catch(() => {});
    throw cause instanceof HovernetError ? cause : toFileError(path, cause);
  }
}
