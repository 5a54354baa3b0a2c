// Scratch files in a folder; they are gone when the process is, however that ends.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hovernet/core';
import type { ScratchFile, ScratchSpace } from '../scratch.js';

/** Scratch files in `folder`, which is made if needed. */
export function createFolderScratch(folder: string): ScratchSpace {
  return { open: () => openScratchFile(folder) };
}

/**
 * A new file in `folder`, which is made if needed.
 * @throws FileError if it cannot be made, read or written, for example because the disk is full.
 */
async function openScratchFile(folder: string): Promise<ScratchFile> {
  const path = join(folder, `.hovernet-${randomUUID()}.tmp`);
  const file = await attempt(path, async () => {
    await mkdir(folder, { recursive: true });
    return open(path, 'wx+');
  });
  // An open file without a name lives on; where the system does not allow that, it is removed at the end.
  let isNamed = await rm(path).then(
    () => false,
    () => true,
  );
  return {
    read: (target, offset) => attempt(path, () => readFully(file, target, offset)),
    write: (bytes, offset) => attempt(path, () => writeFully(file, bytes, offset)),
    close: async () => {
      await file.close();
      if (isNamed) await rm(path, { force: true });
      isNamed = false;
    },
  };
}

async function readFully(file: FileHandle, target: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await file.read(target, done, target.length - done, offset + done);
    if (bytesRead === 0) return void target.fill(0, done);
    done += bytesRead;
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
  }
}

async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    const remedy =
      code === 'ENOSPC' ? 'no space left on the device; free some or choose another folder' : String(cause);
    throw new FileError(path, `scratch file: ${remedy}`, { cause });
  }
}
