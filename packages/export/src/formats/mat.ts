// Nuclei and their map as the original hover_net writes them for a tile: a MATLAB file.
import { toContiguous, type NucleusTable, type SegmentedImage } from '@hovernet/core';
import type { ResultFormat } from './format.js';

export const matFormat: ResultFormat = {
  name: 'mat',
  description: 'the MATLAB file of the original hover_net: inst_map, inst_uid, inst_type, inst_centroid',
  files: [{ name: 'mat', ending: '.mat', encode: encodeFile }],
};

/** Class and element type of MATLAB's storage. */
const storages = { int32: [12, 5], float64: [6, 9] } as const;

interface Matrix {
  readonly name: string;
  readonly dtype: keyof typeof storages;
  readonly rows: number;
  readonly columns: number;
}

async function* encodeFile(image: SegmentedImage): AsyncGenerator<Uint8Array, void, undefined> {
  const { width, height, isTyped } = image;
  const rows = image.nuclei.count;
  const header = new Uint8Array(128).fill(0x20);
  header.set(new TextEncoder().encode('MATLAB 5.0 MAT-file, written by @hovernet/export'));
  // No subsystem data, version 1, little endian.
  header.set([0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x01, 0x49, 0x4d], 116);
  yield header;
  yield* encodeMatrix({ name: 'inst_map', dtype: 'int32', rows: height, columns: width }, readColumns(image));
  const column = { dtype: 'int32', rows, columns: 1 } as const;
  yield* encodeMatrix(
    { ...column, name: 'inst_uid' },
    listNumbers(image, ({ ids }) => ids),
  );
  if (isTyped) {
    yield* encodeMatrix(
      { ...column, name: 'inst_type' },
      listNumbers(image, ({ types }) => Int32Array.from(types!)),
    );
    yield* encodeMatrix(
      { ...column, dtype: 'float64', name: 'inst_type_prob' },
      listNumbers(image, ({ typeProbabilities }) => typeProbabilities!),
    );
  }
  yield* encodeMatrix({ name: 'inst_centroid', dtype: 'float64', rows, columns: 2 }, listCentroids(image));
}

/** Columns of the map one after the other, as MATLAB keeps them; some at a time. */
async function* readColumns({
  width,
  height,
  readLabels,
}: SegmentedImage): AsyncGenerator<Int32Array, void, undefined> {
  const step = Math.max(1, Math.floor(2 ** 21 / height));
  for (let x0 = 0; x0 < width; x0 += step) {
    const x1 = Math.min(width, x0 + step);
    yield toContiguous((await readLabels([x0, 0, x1, height])).transpose(1, 0));
  }
}

async function* listNumbers(
  { nuclei }: SegmentedImage,
  take: (table: NucleusTable) => Int32Array | Float64Array,
): AsyncGenerator<Int32Array | Float64Array, void, undefined> {
  for await (const table of nuclei.tables()) yield take(table);
}

async function* listCentroids({ nuclei }: SegmentedImage): AsyncGenerator<Float64Array, void, undefined> {
  for (const axis of [0, 1]) {
    for await (const { count, centroids } of nuclei.tables())
      yield Float64Array.from({ length: count }, (_, row) => centroids[2 * row + axis]!);
  }
}

/** A compressed variable. Its length comes first, so its compressed bytes are gathered. */
async function* encodeMatrix(
  matrix: Matrix,
  values: AsyncIterable<Int32Array | Float64Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { compressChunks } = await import('@hovernet/files/internal');
  const parts: Uint8Array[] = [];
  for await (const part of compressChunks('deflate', listBytes(matrix, values))) parts.push(part);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  yield toBytes(Uint32Array.of(15, length));
  yield* parts;
}

async function* listBytes(
  { name, dtype, rows, columns }: Matrix,
  values: AsyncIterable<Int32Array | Float64Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const [classId, elementType] = storages[dtype];
  const nameBytes = new Uint8Array(8 * Math.ceil(name.length / 8));
  nameBytes.set(new TextEncoder().encode(name));
  const size = rows * columns * (dtype === 'int32' ? 4 : 8);
  const padding = (8 - (size % 8)) % 8;
  const content = 16 + 16 + 8 + nameBytes.length + 8 + size + padding;
  yield toBytes(Uint32Array.of(14, content, 6, 8, classId, 0, 5, 8, rows, columns, 1, name.length));
  yield nameBytes;
  yield toBytes(Uint32Array.of(elementType, size));
  for await (const part of values) yield toBytes(part);
  yield new Uint8Array(padding);
}

function toBytes({ buffer, byteOffset, byteLength }: Int32Array | Uint32Array | Float64Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
