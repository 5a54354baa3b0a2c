// Writing a file so that an interruption leaves the old one or the new one, never a part of it.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { HovernetError } from '@hovernet/core';
import { mayRun, ownerName } from './process-owner.js';
import { toFileError } from './to-file-error.js';

/** A file's content, whole or in parts; text is written as UTF-8. */
export type FileContent = Uint8Array | string | AsyncIterable<Uint8Array | string>;

/** `.<name>.<owner>-<uuid>.tmp` */
const temporaryName = /^\..+\.([0-9a-f]{8}-\d+)-[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/;
/** Systems allow 255 bytes. */
const maxNameBytes = 160;

/** Folders that this process has looked through for what dead ones left. */
const cleaned = new Map<string, Promise<void>>();

/**
 * Writes `content` to a temporary file beside `path`, flushes it to the disk and renames it. Makes the folder if needed.
 * On failure the temporary file is removed and a former file at `path` stays as it was. The first file in a folder removes
 * the temporary files there of processes that were killed.
 * @throws FileError if the folder cannot be written; the HovernetError that `content` throws.
 */
export async function writeFileAtomic(path: string, content: FileContent): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${shorten(basename(path))}.${ownerName()}-${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await cleanOnce(resolve(folder));
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

/** So that what can be the name of a file can be that of a temporary one. */
function shorten(name: string): string {
  const bytes = Buffer.from(name);
  return bytes.length <= maxNameBytes
    ? name
    : bytes
        .subarray(0, maxNameBytes)
        .toString('latin1')
        .replace(/[^\w.-]/g, '_');
}

function cleanOnce(folder: string): Promise<void> {
  const cleaning = cleaned.get(folder) ?? clean(folder);
  cleaned.set(folder, cleaning);
  return cleaning;
}

/** What cannot be removed costs space, not the file that is about to be written. */
async function clean(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = temporaryName.exec(name)?.[1];
    if (owner !== undefined && !mayRun(owner)) await rm(join(folder, name), { force: true }).catch(() => {});
  }
}
