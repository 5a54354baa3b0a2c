// The safetensors format: a JSON header with names, types, shapes and byte ranges, then the raw little-endian data.
import { FileError, UnsupportedError } from '@hovernet/core';
import { assertFitsHalf } from './assert-fits-half.js';
import { elementTypes, readElements, viewElementBytes } from './element-types.js';
import type { StoredDtype, StoredTensor } from './stored-tensor.js';
import { countElements } from './numeric-array.js';

/** What a safetensors file holds. */
export interface SafetensorsContent {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** As the reference implementation, against headers that would exhaust memory. */
const maximumHeaderBytes = 100_000_000;

const dtypes: Readonly<Record<string, StoredDtype>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  U64: 'uint64',
  I32: 'int32',
  U32: 'uint32',
  I16: 'int16',
  U16: 'uint16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

export interface EncodeSafetensorsOptions {
  /** How filters (tensors of four axes) are stored; the others, which are small, stay float32. @default 'float32' */
  readonly precision?: 'float32' | 'float16';
}

/**
 * Writes `tensors` with their names in order; the same input gives the same bytes.
 * @throws WeightsError where a filter does not fit float16.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
  { precision = 'float32' }: EncodeSafetensorsOptions = {},
): Uint8Array {
  const stored = Array.from(tensors, ([name, tensor]) => storeTensor(name, tensor, precision));
  // Larger elements first, so that every tensor is aligned to its elements.
  const inFile = [8, 4, 2, 1].flatMap((size) => stored.filter(({ dtype }) => elementTypes[dtype].bytes === size));
  const offsets = new Map<string, readonly [number, number]>();
  let dataBytes = 0;
  for (const { name, bytes } of inFile) {
    offsets.set(name, [dataBytes, dataBytes + bytes.length]);
    dataBytes += bytes.length;
  }
  const fields = [`"__metadata__":${JSON.stringify(metadata)}`];
  for (const { name, dtype, shape } of stored) {
    const entry = { dtype: headerTypes[dtype], shape, data_offsets: offsets.get(name) };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const dataStart = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(dataStart + dataBytes).fill(0x20, 8, dataStart);
  new DataView(file.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  file.set(json, 8);
  for (const { name, bytes } of inFile) file.set(bytes, dataStart + offsets.get(name)![0]);
  return file;
}

interface EncodedTensor {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const headerTypes = Object.fromEntries(Object.entries(dtypes).map(([name, dtype]) => [dtype, name]));

function storeTensor(
  name: string,
  { dtype, shape, data }: StoredTensor,
  precision: 'float32' | 'float16',
): EncodedTensor {
  const halved = precision === 'float16' && dtype === 'float32' && shape.length === 4;
  if (!halved) return { name, dtype, shape, bytes: viewElementBytes(dtype, data) };
  assertFitsHalf('encodeSafetensors', name, data as Float32Array);
  return { name, dtype: 'float16', shape, bytes: viewElementBytes('float16', data) };
}

/**
 * Reads a file's bytes; aligned tensors are views of them. `source` names the file in errors.
 * @throws FileError when the header is malformed, or the byte ranges overlap, leave gaps or do not fit the shapes;
 * UnsupportedError for 8-bit and narrower floats.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): SafetensorsContent {
  const { header, dataStart } = readHeader(bytes, source);
  const metadata = readMetadata(header['__metadata__'], source);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => [name, readEntry(name, entry, source)] as const);
  assertContiguous(entries, bytes.length - dataStart, source);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of entries) {
    tensors.set(name, readTensor(entry, bytes.subarray(dataStart + entry.data_offsets[0])));
  }
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array, source: string): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) throw new FileError(source, `too short for safetensors: ${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > maximumHeaderBytes || Number(length) > bytes.length - 8) {
    throw new FileError(source, `not safetensors, or truncated: a header of ${length} bytes in ${bytes.length} bytes`);
  }
  const dataStart = 8 + Number(length);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart));
    const header = JSON.parse(text) as unknown;
    if (isRecord(header)) return { header, dataStart };
  } catch (cause) {
    throw new FileError(source, 'not safetensors: its header is not JSON', { cause });
  }
  throw new FileError(source, 'not safetensors: its header is not a JSON object');
}

function readMetadata(value: unknown, source: string): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (isRecord(value) && Object.values(value).every((text) => typeof text === 'string')) {
    return value as Record<string, string>;
  }
  throw new FileError(source, 'its __metadata__ is not an object of strings');
}

function readEntry(name: string, value: unknown, source: string): HeaderEntry {
  const entry = (isRecord(value) ? value : {}) as Partial<HeaderEntry>;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw new FileError(source, `tensor ${name}: its header entry lacks a type, a shape or a byte range`);
  }
  const known = Object.hasOwn(dtypes, dtype) ? dtypes[dtype] : undefined;
  if (!known) throw new UnsupportedError(`${source}: tensor ${name} has type ${dtype}, which is not supported`);
  const expected = countElements(shape) * elementTypes[known].bytes;
  if (offsets[1]! - offsets[0]! !== expected) {
    throw new FileError(
      source,
      `tensor ${name}: ${dtype} [${shape}] takes ${expected} bytes, not ${offsets.join('…')}`,
    );
  }
  return entry as HeaderEntry;
}

function assertContiguous(entries: readonly (readonly [string, HeaderEntry])[], length: number, source: string): void {
  let end = 0;
  for (const [name, entry] of [...entries].sort(([, a], [, b]) => compareRanges(a, b))) {
    const [start, stop] = entry.data_offsets;
    if (start !== end) throw new FileError(source, `tensor ${name} starts at byte ${start} of the data, not at ${end}`);
    end = stop;
  }
  if (end !== length) throw new FileError(source, `its header describes ${end} bytes of data, the file has ${length}`);
}

function compareRanges(a: HeaderEntry, b: HeaderEntry): number {
  return a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1];
}

function readTensor(entry: HeaderEntry, bytes: Uint8Array): StoredTensor {
  const dtype = dtypes[entry.dtype]!;
  return { dtype, shape: entry.shape, data: readElements(dtype, bytes, countElements(entry.shape)) };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
