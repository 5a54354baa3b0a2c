// Directories of TIFF 6.0 and BigTIFF, read over any byte source.
import { FileError, UnsupportedError } from '@hovernet/core';
import type { ByteSource } from '../sources/byte-source.js';

/** Tags that are used, by their names in TIFF 6.0 and its supplements. */
export const tag = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  imageDescription: 270,
  make: 271,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  resolutionUnit: 296,
  software: 305,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subIfds: 330,
  sampleFormat: 339,
  jpegTables: 347,
  yCbCrSubsampling: 530,
  xmp: 700,
  /** Of Hamamatsu's NDPI. */
  ndpi: 65420,
} as const;

/** Where a field's values lie. */
interface Field {
  readonly type: number;
  readonly count: number;
  readonly offset: number;
}

/** One directory: an image and what is said of it. */
export interface TiffDirectory {
  has(tag: number): boolean;
  /** The first value of a field, `missing` where there is no such field. */
  number(tag: number, missing: number): Promise<number>;
  /** All values of a field; empty without it. */
  numbers(tag: number): Promise<readonly number[]>;
  /** Text of a field; empty without it. */
  text(tag: number): Promise<string>;
  bytes(tag: number): Promise<Uint8Array | undefined>;
}

export interface TiffFile {
  readonly littleEndian: boolean;
  /** The directories of the chain. */
  readonly directories: readonly TiffDirectory[];
  /** The directories that one points to by SubIFDs. */
  readSubDirectories(directory: TiffDirectory): Promise<readonly TiffDirectory[]>;
}

const typeBytes: Readonly<Record<number, number>> = {
  1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8,
}; // prettier-ignore
const maxDirectories = 1000;
const maxFields = 4096;
/** Most bytes of one field: offsets of 2²³ tiles. */
const maxFieldBytes = 2 ** 26;

/** Whether a file begins as a TIFF. */
export function isTiff(start: Uint8Array): boolean {
  const [a, b, c, d] = start;
  return (a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43)); // prettier-ignore
}

/** @throws FileError where the file is damaged or ends early. */
export async function readTiff(source: ByteSource): Promise<TiffFile> {
  const start = await source.read(0, Math.min(16, source.size));
  if (!isTiff(start) || start.length < 8) throw new FileError(source.name, 'not a TIFF; check the path');
  const littleEndian = start[0] === 0x49;
  const isBig = (littleEndian ? start[2] : start[3]) === 43;
  const layout = { source, littleEndian, isBig };
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  if (isBig && start.length < 16) throw new FileError(source.name, 'truncated TIFF; copy it again');
  const first = isBig ? Number(view.getBigUint64(8, littleEndian)) : view.getUint32(4, littleEndian);
  const directories = await readChain(first, layout);
  if (directories.length === 0) throw new FileError(source.name, 'damaged TIFF: it has no image');
  return {
    littleEndian,
    directories,
    async readSubDirectories(directory) {
      const offsets = (await directory.numbers(tag.subIfds)).slice(0, maxDirectories);
      const found: TiffDirectory[] = [];
      for (const offset of offsets) found.push((await readDirectory(offset, layout)).directory);
      return found;
    },
  };
}

interface Layout {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly isBig: boolean;
}

async function readChain(first: number, layout: Layout): Promise<TiffDirectory[]> {
  const { name } = layout.source;
  const seen = new Set<number>();
  const directories: TiffDirectory[] = [];
  for (let offset = first; offset !== 0;) {
    if (seen.has(offset)) throw new FileError(name, 'damaged TIFF: its directories form a circle');
    if (seen.add(offset).size > maxDirectories)
      throw new FileError(name, `damaged TIFF: over ${maxDirectories} images`);
    const { directory, next } = await readDirectory(offset, layout);
    directories.push(directory);
    offset = next;
  }
  return directories;
}

/** The directory at `offset`, and where the next one lies; 0 for the last. */
async function readDirectory(offset: number, layout: Layout): Promise<{ directory: TiffDirectory; next: number }> {
  const { source, littleEndian, isBig } = layout;
  const [countBytes, entryBytes, pointerBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  const readPointer = (view: DataView, at: number) =>
    isBig ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian);
  const head = toView(await source.read(offset, countBytes));
  const count = isBig ? readPointer(head, 0) : head.getUint16(0, littleEndian);
  if (count > maxFields) throw new FileError(source.name, `damaged TIFF: a directory of ${count} fields`);
  const body = toView(await source.read(offset + countBytes, count * entryBytes + pointerBytes));
  const fields = new Map<number, Field>();
  for (let at = 0; at < count * entryBytes; at += entryBytes) {
    const type = body.getUint16(at + 2, littleEndian);
    const valueCount = readPointer(body, at + 4);
    const valueAt = at + 4 + pointerBytes;
    const isHere = valueCount * (typeBytes[type] ?? 0) <= pointerBytes;
    const valueOffset = isHere ? offset + countBytes + valueAt : readPointer(body, valueAt);
    fields.set(body.getUint16(at, littleEndian), { type, count: valueCount, offset: valueOffset });
  }
  return { directory: createDirectory(fields, layout), next: readPointer(body, count * entryBytes) };
}

function createDirectory(fields: ReadonlyMap<number, Field>, { source, littleEndian }: Layout): TiffDirectory {
  const known = new Map<number, Promise<readonly number[]>>();
  const bytes = async (name: number) => {
    const field = fields.get(name);
    if (!field) return undefined;
    const length = field.count * (typeBytes[field.type] ?? 0);
    if (length > maxFieldBytes)
      throw new UnsupportedError(`${source.name}: field ${name} of ${length} bytes is too large`);
    return source.read(field.offset, length);
  };
  const readNumbers = async (name: number) => {
    const content = await bytes(name);
    return content ? parseNumbers(toView(content), fields.get(name)!, littleEndian) : [];
  };
  const numbers = (name: number) => {
    const values = known.get(name) ?? readNumbers(name);
    known.set(name, values);
    return values;
  };
  return {
    has: (name) => fields.has(name),
    numbers,
    number: async (name, missing) => (await numbers(name))[0] ?? missing,
    text: async (name) => new TextDecoder().decode((await bytes(name)) ?? new Uint8Array(0)).replace(/\0[^]*$/, ''),
    bytes,
  };
}

function parseNumbers(view: DataView, { type, count }: Field, littleEndian: boolean): readonly number[] {
  const size = typeBytes[type] ?? 0;
  const values: number[] = [];
  if (size > 0) for (let i = 0; i < count; i++) values.push(parseNumber(view, type, i * size, littleEndian));
  return values;
}

function parseNumber(view: DataView, type: number, at: number, littleEndian: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, littleEndian);
    case 4:
    case 13:
      return view.getUint32(at, littleEndian);
    case 5:
      return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, littleEndian);
    case 9:
      return view.getInt32(at, littleEndian);
    case 10:
      return view.getInt32(at, littleEndian) / view.getInt32(at + 4, littleEndian);
    case 11:
      return view.getFloat32(at, littleEndian);
    case 12:
      return view.getFloat64(at, littleEndian);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, littleEndian));
    case 17:
      return Number(view.getBigInt64(at, littleEndian));
    default:
      return view.getUint8(at);
  }
}

function toView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
