// Zip archives as PyTorch writes them: nothing compressed, contents aligned to 64 bytes.
import { zipHeaderSizes, zipMethods, zipSignatures } from '../../zip/zip-directory.js';
import { ArgumentError } from '@hovernet/core';
import { computeCrc32 } from './crc32.js';

export interface ZipContent {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const alignment = 64;
const maximumEntries = 0xffff - 1;
const maximumBytes = 2 ** 32 - 1;
/** Names are UTF-8. */
const flags = 0x800;
const version = 20;
/** 1 January 1980, the earliest that there is: the same content gives the same archive. */
const date = 0x21;
/** Identifies the padding in front of contents, as in PyTorch's archives. */
const paddingId = 0x4246;

interface Placed {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
  readonly start: number;
  /** Of the field that pads, with its own four bytes of header. */
  readonly extraSize: number;
  readonly checksum: number;
}

/** An archive of `contents` in their order. @throws ArgumentError for 65,535 or more of them, or 4 GiB or more in all. */
export function writeZip(contents: readonly ZipContent[]): Uint8Array {
  const entries: Placed[] = [];
  let position = 0;
  for (const { name, bytes } of contents) {
    const encoded = new TextEncoder().encode(name);
    const unpadded = position + zipHeaderSizes.local + encoded.length + 4;
    const extraSize = 4 + ((alignment - (unpadded % alignment)) % alignment);
    entries.push({ name: encoded, bytes, start: position, extraSize, checksum: computeCrc32(bytes) });
    position += zipHeaderSizes.local + encoded.length + extraSize + bytes.length;
  }
  const directorySize = entries.reduce((size, { name }) => size + zipHeaderSizes.central + name.length, 0);
  const total = position + directorySize + zipHeaderSizes.end;
  if (entries.length > maximumEntries || total > maximumBytes) {
    throw new ArgumentError(
      `encodeTorchFile: expected less than 65,535 files and 4 GiB in an archive, got ${entries.length} and ${total} bytes`,
    );
  }
  const archive = new Uint8Array(total);
  for (const entry of entries) writeContent(archive, entry);
  let at = position;
  for (const entry of entries) at += writeDirectoryEntry(archive, at, entry);
  const end = new DataView(archive.buffer, at);
  end.setUint32(0, zipSignatures.end, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, directorySize, true);
  end.setUint32(16, position, true);
  return archive;
}

function writeContent(archive: Uint8Array, entry: Placed): void {
  const { start, name, extraSize, bytes } = entry;
  const header = new DataView(archive.buffer, start);
  header.setUint32(0, zipSignatures.local, true);
  writeDescription(header, 4, entry);
  header.setUint16(28, extraSize, true);
  archive.set(name, start + zipHeaderSizes.local);
  header.setUint16(zipHeaderSizes.local + name.length, paddingId, true);
  header.setUint16(zipHeaderSizes.local + name.length + 2, extraSize - 4, true);
  archive.set(bytes, start + zipHeaderSizes.local + name.length + extraSize);
}

/** Returns the entry's size in the directory. */
function writeDirectoryEntry(archive: Uint8Array, at: number, entry: Placed): number {
  const header = new DataView(archive.buffer, at);
  header.setUint32(0, zipSignatures.central, true);
  header.setUint16(4, version, true);
  writeDescription(header, 6, entry);
  header.setUint32(42, entry.start, true);
  archive.set(entry.name, at + zipHeaderSizes.central);
  return zipHeaderSizes.central + entry.name.length;
}

/** The fields that a local header and a directory entry have in common. */
function writeDescription(header: DataView, at: number, { name, bytes, checksum }: Placed): void {
  header.setUint16(at, version, true);
  header.setUint16(at + 2, flags, true);
  header.setUint16(at + 4, zipMethods.stored, true);
  header.setUint16(at + 8, date, true);
  header.setUint32(at + 10, checksum, true);
  header.setUint32(at + 14, bytes.length, true);
  header.setUint32(at + 18, bytes.length, true);
  header.setUint16(at + 22, name.length, true);
}
