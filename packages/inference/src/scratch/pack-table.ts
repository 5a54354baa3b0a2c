// Tables of nuclei as bytes: columns one after the other, those of 8 bytes first.
import type { NucleusTable } from '@hovernet/core';

/** What bytes alone do not tell. */
export interface PackedSize {
  readonly count: number;
  readonly points: number;
  readonly isTyped: boolean;
}

export function packTable(table: NucleusTable): Uint8Array<ArrayBuffer> {
  const columns = [
    table.centroids,
    table.typeProbabilities,
    table.ids,
    table.boxes,
    table.contourStarts,
    table.contourPoints,
    table.types,
  ].filter((column) => column !== null);
  const bytes = new Uint8Array(columns.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of columns) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** A table over the memory of `bytes`, which begin a buffer. */
export function unpackTable({ buffer }: Uint8Array<ArrayBuffer>, { count, points, isTyped }: PackedSize): NucleusTable {
  let at = 0;
  const take = <T>(
    Column: new (buffer: ArrayBuffer, offset: number, length: number) => T,
    length: number,
    size: number,
  ) => {
    const column = new Column(buffer, at, length);
    at += length * size;
    return column;
  };
  return {
    count,
    centroids: take(Float64Array, 2 * count, 8),
    typeProbabilities: isTyped ? take(Float64Array, count, 8) : null,
    ids: take(Int32Array, count, 4),
    boxes: take(Int32Array, 4 * count, 4),
    contourStarts: take(Uint32Array, count + 1, 4),
    contourPoints: take(Int32Array, 2 * points, 4),
    types: isTyped ? take(Uint8Array, count, 1) : null,
  };
}
