// Replacing a folder as a whole: it is filled beside its place and swapped in when complete.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toFileError } from './to-file-error.js';

/**
 * Calls `fill` with an empty folder beside `path`, then puts that folder in the place of `path` and removes the former one.
 * If `fill` throws, `path` stays as it was. What a killed run left behind (`.NAME.partial`, `.NAME.previous`) is put right
 * by the next call, so only one process at a time may replace a folder.
 * @returns what `fill` returned.
 * @throws FileError if the folders cannot be made or renamed; whatever `fill` throws.
 */
export async function replaceDirectory<T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const partial = join(dirname(path), `.${basename(path)}.partial`);
  const previous = join(dirname(path), `.${basename(path)}.previous`);
  await perform(path, async () => {
    if (existsSync(path)) await rm(previous, { recursive: true, force: true });
    else if (existsSync(previous)) await rename(previous, path);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
  });
  let result: T;
  try {
    result = await fill(partial);
  } catch (error) {
    // What went wrong first is what to tell.
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
  await perform(path, () => swap(path, partial, previous));
  return result;
}

async function swap(path: string, partial: string, previous: string): Promise<void> {
  const hadFolder = existsSync(path);
  if (hadFolder) await rename(path, previous);
  try {
    await rename(partial, path);
  } catch (error) {
    if (hadFolder) await rename(previous, path);
    throw error;
  }
  await rm(previous, { recursive: true, force: true });
}

async function perform(path: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (cause) {
    throw toFileError(path, cause);
  }
}
