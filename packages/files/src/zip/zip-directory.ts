// The directory of a zip archive (PKWARE's APPNOTE, zip64 included): which entries there are and where their bytes lie.
import { FileError } from '@hovernet/core';

/** An entry as the archive's directory describes it. Names are never paths here. */
export interface ZipEntry {
  readonly name: string;
  /** See {@link zipMethods} for those that are common. */
  readonly method: number;
  readonly isEncrypted: boolean;
  /** CRC-32 of the content. */
  readonly checksum: number;
  /** Bytes in the archive, and of the content. */
  readonly compressedSize: number;
  readonly size: number;
  readonly localOffset: number;
}

/** Start of a local header, of a directory entry, and of the record at the archive's end. */
export const zipSignatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
/** Bytes of the fixed parts of these. */
export const zipHeaderSizes = { local: 30, central: 46, end: 22 } as const;
export const zipMethods = { stored: 0, deflated: 8 } as const;

const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;

/**
 * The entries of the archive `bytes` in its order, read while they are asked for; `source` names the archive in errors.
 * @throws FileError for no archive, or a truncated or damaged one.
 */
export function* readZipDirectory(bytes: Uint8Array, source: string): Generator<ZipEntry, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    yield* readEntries(bytes, view, source);
  } catch (cause) {
    throw explain(cause, source);
  }
}

/**
 * Where in the archive `bytes` the bytes of an entry begin; null where its local header is not where the directory says.
 * @throws FileError for a position outside the archive.
 */
export function findZipContent(bytes: Uint8Array, { localOffset }: ZipEntry, source: string): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(localOffset, true) !== zipSignatures.local) return null;
    const [nameLength, extraLength] = [view.getUint16(localOffset + 26, true), view.getUint16(localOffset + 28, true)];
    return localOffset + zipHeaderSizes.local + nameLength + extraLength;
  } catch (cause) {
    throw explain(cause, source);
  }
}

function* readEntries(bytes: Uint8Array, view: DataView, source: string): Generator<ZipEntry, void, undefined> {
  const end = findEnd(view, source);
  let count = view.getUint16(end + 10, true);
  let offset = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === locator64Signature) {
    const end64 = Number(view.getBigUint64(end - 12, true));
    if (view.getUint32(end64, true) !== end64Signature) throw new FileError(source, 'damaged archive: no zip64 record');
    count = Number(view.getBigUint64(end64 + 32, true));
    offset = Number(view.getBigUint64(end64 + 48, true));
  }
  for (let index = 0; index < count; index++) {
    if (view.getUint32(offset, true) !== zipSignatures.central) {
      throw new FileError(source, 'damaged archive: bad directory');
    }
    yield readEntry(bytes, view, offset);
    const lengths = [28, 30, 32].map((position) => view.getUint16(offset + position, true));
    offset += zipHeaderSizes.central + lengths.reduce((sum, length) => sum + length, 0);
  }
}

function findEnd(view: DataView, source: string): number {
  const last = view.byteLength - zipHeaderSizes.end;
  const lowest = Math.max(0, last - 0xffff);
  for (let at = last; at >= lowest; at--) if (view.getUint32(at, true) === zipSignatures.end) return at;
  throw new FileError(source, 'not a zip archive, or truncated; copy or write it again');
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): ZipEntry {
  const nameEnd = at + zipHeaderSizes.central + view.getUint16(at + 28, true);
  const wide = readZip64Fields(view, nameEnd, nameEnd + view.getUint16(at + 30, true));
  const field = (position: number): number => {
    const value = view.getUint32(at + position, true);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  // The zip64 record holds these three in this order, each only where its 32-bit field is full.
  const size = field(24);
  const compressedSize = field(20);
  const localOffset = field(42);
  return {
    name: new TextDecoder().decode(bytes.subarray(at + zipHeaderSizes.central, nameEnd)),
    method: view.getUint16(at + 10, true),
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    checksum: view.getUint32(at + 16, true),
    compressedSize,
    size,
    localOffset,
  };
}

function readZip64Fields(view: DataView, start: number, end: number): number[] {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const count = Math.floor(view.getUint16(at + 2, true) / 8);
    return Array.from({ length: Math.min(count, 3) }, (_, index) =>
      Number(view.getBigUint64(at + 4 + 8 * index, true)),
    );
  }
  return [];
}

/** A position outside the archive ends in a RangeError of DataView. */
function explain(cause: unknown, source: string): unknown {
  return cause instanceof RangeError ? new FileError(source, 'damaged or truncated archive', { cause }) : cause;
}
