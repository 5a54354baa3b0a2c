// Reading files, with errors that name them. A file must be a regular one: a pipe or a device could keep a reader waiting forever.
import { open, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { FileError } from '@hovernet/core';
import { toFileError } from './to-file-error.js';

/**
 * The bytes of the file at `path`.
 * @throws FileError if it is missing (`MISSING_FILE`), no regular file, or cannot be read.
 */
export function readFileBytes(path: string): Promise<Uint8Array> {
  return withFile(path, async (file) => file.readFile());
}

/** The first `length` bytes of the file at `path`, or all of a shorter one. Throws as {@link readFileBytes}. */
export function readFileStart(path: string, length: number): Promise<Uint8Array> {
  return withFile(path, async (file, size) => readExactly(file, { path, position: 0, length: Math.min(length, size) }));
}

/** Which bytes of a file, and how errors name it. */
export interface FileRange {
  readonly path: string;
  readonly position: number;
  readonly length: number;
}

/** The bytes of `range` of an open file. @throws FileError where the file ends before. */
export async function readExactly(file: FileHandle, { path, position, length }: FileRange): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await fillExactly(file, bytes, { path, position });
  return bytes;
}

/** Fills `target` from `position` on. @throws FileError where the file ends before. */
export async function fillExactly(
  file: FileHandle,
  target: Uint8Array,
  { path, position }: { readonly path: string; readonly position: number },
): Promise<void> {
  for (let filled = 0; filled < target.length;) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) {
      const got = `${filled} of ${target.length} bytes from ${position} on`;
      throw new FileError(path, `truncated while it was read: got ${got}; copy or write it again`);
    }
    filled += bytesRead;
  }
}

/** Calls `use` with the open file at `path` and its size. Throws as {@link readFileBytes}, and what `use` throws. */
export async function withFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  try {
    // Without the flag, opening a pipe waits for a writer.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = await file.stat();
      if (!status.isFile() && !status.isDirectory())
        throw new FileError(path, 'is a pipe or a device, expected a file');
      return await use(file, status.size);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof FileError ? cause : toFileError(path, cause);
  }
}
