// What tells whether an image is still the one that a journal was begun with, at the cost of its first bytes.
import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toFileError } from '@hovernet/files/internal/node';

/** Bytes of each file that are read. */
const headBytes = 2 ** 16;

/**
 * SHA-256 of name, size, time of change and first 64 KiB of the file at `path`, or of every file in the folder there.
 * @throws FileError where it cannot be read.
 */
export async function identifyImage(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const isFolder = (await stat(path)).isDirectory();
    const paths = isFolder ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
    for (const file of paths) await addFile(hash, file);
  } catch (cause) {
    throw toFileError(path, cause);
  }
  return hash.digest('hex');
}

async function addFile(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const file = await open(path);
  try {
    const entry = await file.stat();
    if (entry.isDirectory()) return;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    hash.update(JSON.stringify([basename(path), entry.size, entry.mtimeMs])).update(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
