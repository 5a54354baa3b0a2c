// A file on disk as a byte source.
import { open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { FileError } from '@hovernet/core';
import { toFileError } from '@hovernet/files/internal/node';
import { assertInside, type ByteSource } from '../sources/byte-source.js';

/** @throws FileError where the file is missing, no regular file, or cannot be opened. */
export async function openFileSource(path: string): Promise<ByteSource> {
  // Without the flag, opening a pipe waits for a writer.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause: unknown) => {
    throw toFileError(path, cause);
  });
  const status = await file.stat();
  if (!status.isFile()) {
    await file.close();
    throw new FileError(path, `is ${status.isDirectory() ? 'a folder' : 'a pipe or a device'}, expected a file`);
  }
  const { size } = status;
  return {
    name: path,
    size,
    async read(offset, length) {
      assertInside({ name: path, size }, offset, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await file.read(bytes, done, length - done, offset + done).catch((cause: unknown) => {
          throw toFileError(path, cause);
        });
        if (bytesRead === 0)
          throw new FileError(path, `ends at byte ${offset + done}: it became shorter while it was read`);
        done += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}
