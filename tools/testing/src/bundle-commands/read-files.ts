// Readers of result files that share no code with what writes them: each takes the format's definition literally.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Width and height of a PNG, in pixels. */
export function readPngSize(path: string): { readonly width: number; readonly height: number } {
  const file = readFileSync(path);
  const header = file.subarray(12, 16).toString('latin1');
  if (header !== 'IHDR') throw new Error(`${path}: expected a PNG`);
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}

/** Rows of cells; of tables without quoted cells. */
export function readCsv(path: string): string[][] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split(','));
}

/** One JSON document a line. */
export function readJsonLines(path: string): Record<string, unknown>[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A map in NIfTI-1: ids or classes by `x + width * y`. */
export interface NiftiMap {
  readonly width: number;
  readonly height: number;
  readonly dtype: 'uint8' | 'uint32';
  readonly values: Uint8Array | Uint32Array;
}

/** Codes of the format for the two types that occur. */
const niftiTypes = new Map([
  [2, 'uint8'],
  [768, 'uint32'],
] as const);

/** Reads a compressed two-dimensional NIfTI-1 file of either type. */
export function readNiftiMap(path: string): NiftiMap {
  const file = gunzipSync(readFileSync(path));
  const [headerBytes, axes, width, height] = [file.readInt32LE(0), ...[40, 42, 44].map((at) => file.readInt16LE(at))];
  const dtype = niftiTypes.get(file.readInt16LE(70) as 2 | 768);
  const magic = file.subarray(344, 347).toString('latin1');
  if (headerBytes !== 348 || magic !== 'n+1') throw new Error(`${path}: expected NIfTI-1`);
  if (axes === undefined || axes < 2 || width === undefined || height === undefined || dtype === undefined)
    throw new Error(`${path}: expected a plane of uint8 or uint32`);
  const data = Uint8Array.from(file.subarray(file.readFloatLE(108)));
  const values = dtype === 'uint8' ? data : new Uint32Array(data.buffer);
  if (values.length !== width * height)
    throw new Error(`${path}: expected ${width} × ${height} values, got ${values.length}`);
  return { width, height, dtype, values };
}

export interface WeightFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of each tensor with what the header says of it. */
  readonly tensors: ReadonlyMap<string, WeightTensor>;
}

export interface WeightTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Reads the safetensors file at `path`. */
export function readSafetensors(path: string): WeightFile {
  const file = readFileSync(path);
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, start).toString('utf8')) as Record<string, HeaderEntry>;
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = Object.entries(entries).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      return [name, { dtype, shape, bytes: Uint8Array.from(file.subarray(start + from, start + to)) }] as const;
    },
  );
  return { metadata: metadata as unknown as Record<string, string>, tensors: new Map(tensors) };
}

/** The bytes of a safetensors file, without padding between tensors. */
export function encodeSafetensorsFile(tensors: ReadonlyMap<string, WeightTensor>): Uint8Array {
  let end = 0;
  const entries = Array.from(tensors, ([name, { dtype, shape, bytes }]) => {
    const from = end;
    end += bytes.length;
    return [name, { dtype, shape, data_offsets: [from, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...Array.from(tensors.values(), ({ bytes }) => bytes)]);
}

/** Elements of a float32 tensor. */
export function readFloats({ dtype, bytes }: WeightTensor): Float32Array {
  if (dtype !== 'F32') throw new Error(`expected float32, got ${dtype}`);
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
