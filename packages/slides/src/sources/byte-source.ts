// Bytes that are read in parts: of a file, a blob, or a file on a server.
import { ArgumentError, FileError } from '@hovernet/core';

/** A file of which any part can be read. */
export interface ByteSource {
  /** Path, address or name, for errors. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * The `length` bytes from `offset` on; the caller must not write to them.
   * @throws FileError where the file ends before, or cannot be read; what aborted `signal`.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A source over `blob`. */
export function createBlobSource(blob: Blob, name = 'name' in blob ? String(blob.name) : 'slide'): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (offset, length) => {
      assertInside({ name, size: blob.size }, offset, length);
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
    close: () => Promise.resolve(),
  };
}

/** A source over each of `blobs`. @throws ArgumentError for an empty list. */
export function listBlobSources(blobs: Blob | readonly Blob[]): [ByteSource, ...ByteSource[]] {
  const [first, ...others] = [blobs].flat();
  if (!first) throw new ArgumentError('openSlide: expected at least one file, got none');
  return [createBlobSource(first), ...others.map((blob) => createBlobSource(blob))];
}

/** @throws FileError unless the source has `length` bytes from `offset` on. */
export function assertInside({ name, size }: Pick<ByteSource, 'name' | 'size'>, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new FileError(name, `damaged or truncated: bytes ${offset} to ${offset + length} of ${size}; copy it again`);
}

const blockBytes = 2 ** 16;
const keptBlocks = 64;

/** `source` for many small reads that lie close to each other, as those of a file's directories do. */
export function bufferSource(source: ByteSource): ByteSource {
  const blocks = new Map<number, Promise<Uint8Array>>();
  const readBlock = (index: number, signal?: AbortSignal) => {
    const known = blocks.get(index);
    if (known) return known;
    const block = source.read(index * blockBytes, Math.min(blockBytes, source.size - index * blockBytes), signal);
    if (blocks.size === keptBlocks) blocks.delete(blocks.keys().next().value!);
    blocks.set(index, block);
    block.catch(() => blocks.delete(index));
    return block;
  };
  return {
    ...source,
    async read(offset, length, signal) {
      assertInside(source, offset, length);
      if (length > blockBytes) return source.read(offset, length, signal);
      const first = Math.floor(offset / blockBytes);
      const start = offset - first * blockBytes;
      if (length === 0) return new Uint8Array(0);
      const head = await readBlock(first, signal);
      if (start + length <= blockBytes) return head.subarray(start, start + length);
      const tail = await readBlock(first + 1, signal);
      const bytes = new Uint8Array(length);
      bytes.set(head.subarray(start));
      bytes.set(tail.subarray(0, length - (blockBytes - start)), blockBytes - start);
      return bytes;
    },
  };
}
