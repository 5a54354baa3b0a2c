// Zip archives whose contents are deflated already, or stored, aligned to 64 bytes on request. The same entries give the same bytes.
import { UnsupportedError } from '@hovernet/core';
import { computeCrc32 } from '../crc32.js';
import { zipHeaderSizes, zipMethods, zipSignatures } from './zip-directory.js';

/** What goes into an archive. */
export interface ZipContent {
  readonly name: string;
  readonly content: Uint8Array;
  /** `content` as a raw deflate stream; without it `content` is stored. */
  readonly deflated?: Uint8Array;
}

export interface WriteZipOptions {
  /** Whether contents begin at multiples of 64 bytes, as PyTorch requires. @default false */
  readonly align?: boolean;
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
  readonly method: number;
  /** Bytes of the content before compression. */
  readonly size: number;
  readonly start: number;
  /** Of the field that pads, with its own four bytes of header; 0 for none. */
  readonly extraSize: number;
  readonly checksum: number;
}

/**
 * An archive of `contents` in their order.
 * @throws UnsupportedError from 4 GiB or 65,535 entries on, which would need zip64.
 */
export function writeZip(
  contents: readonly ZipContent[],
  { align = false }: WriteZipOptions = {},
): Uint8Array<ArrayBuffer> {
  if (contents.length > maximumEntries || contents.some(({ content }) => content.length > maximumBytes))
    throw tooLarge();
  const entries: Placed[] = [];
  let position = 0;
  for (const { name: text, content, deflated } of contents) {
    const name = new TextEncoder().encode(text);
    const bytes = deflated ?? content;
    const method = deflated ? zipMethods.deflated : zipMethods.stored;
    const unpadded = position + zipHeaderSizes.local + name.length + 4;
    const extraSize = align ? 4 + ((alignment - (unpadded % alignment)) % alignment) : 0;
    const checksum = computeCrc32(content);
    entries.push({ name, bytes, method, size: content.length, start: position, extraSize, checksum });
    position += zipHeaderSizes.local + name.length + extraSize + bytes.length;
  }
  const directorySize = entries.reduce((size, { name }) => size + zipHeaderSizes.central + name.length, 0);
  const total = position + directorySize + zipHeaderSizes.end;
  if (total > maximumBytes) throw tooLarge();
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

function tooLarge(): UnsupportedError {
  return new UnsupportedError('zip: archives of 4 GiB or 65,535 entries are not supported; write several files');
}

function writeContent(archive: Uint8Array, entry: Placed): void {
  const { start, name, extraSize, bytes } = entry;
  const header = new DataView(archive.buffer, start);
  header.setUint32(0, zipSignatures.local, true);
  writeDescription(header, 4, entry);
  header.setUint16(28, extraSize, true);
  archive.set(name, start + zipHeaderSizes.local);
  if (extraSize > 0) {
    header.setUint16(zipHeaderSizes.local + name.length, paddingId, true);
    header.setUint16(zipHeaderSizes.local + name.length + 2, extraSize - 4, true);
  }
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
function writeDescription(header: DataView, at: number, { name, bytes, method, size, checksum }: Placed): void {
  header.setUint16(at, version, true);
  header.setUint16(at + 2, flags, true);
  header.setUint16(at + 4, method, true);
  header.setUint16(at + 8, date, true);
  header.setUint32(at + 10, checksum, true);
  header.setUint32(at + 14, bytes.length, true);
  header.setUint32(at + 18, size, true);
  header.setUint16(at + 22, name.length, true);
}
