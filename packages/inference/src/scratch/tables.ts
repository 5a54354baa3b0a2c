// Tables of nuclei as bytes, in part, and joined.
import { createNucleusTable, type NucleusTable } from '@hovernet/core';

/** What bytes alone do not tell. */
export interface PackedSize {
  readonly count: number;
  readonly points: number;
  readonly isTyped: boolean;
}

/** Bytes of the columns of a table. */
export function tableBytes(table: NucleusTable): number {
  return listColumns(table).reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The columns one after the other, those of 8 bytes first. */
export function packTable(table: NucleusTable): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(tableBytes(table));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of listColumns(table)) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

function listColumns(table: NucleusTable) {
  const { ids, boxes, centroids, types, typeProbabilities, contourStarts, contourPoints } = table;
  const columns = [centroids, typeProbabilities, ids, boxes, contourStarts, contourPoints, types];
  return columns.filter((column) => column !== null);
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

/** The rows `rows` of `table`, in this order. */
export function selectRows(table: NucleusTable, rows: readonly number[]): NucleusTable {
  const { ids, boxes, centroids, types, typeProbabilities, contourStarts: starts, contourPoints } = table;
  const count = rows.length;
  const contourStarts = new Uint32Array(count + 1);
  rows.forEach((row, to) => (contourStarts[to + 1] = contourStarts[to]! + starts[row + 1]! - starts[row]!));
  const points = new Int32Array(2 * contourStarts[count]!);
  rows.forEach((row, to) =>
    points.set(contourPoints.subarray(2 * starts[row]!, 2 * starts[row + 1]!), 2 * contourStarts[to]!),
  );
  return {
    count,
    ids: Int32Array.from(rows, (row) => ids[row]!),
    boxes: Int32Array.from({ length: 4 * count }, (_, i) => boxes[4 * rows[i >> 2]! + (i & 3)]!),
    centroids: Float64Array.from({ length: 2 * count }, (_, i) => centroids[2 * rows[i >> 1]! + (i & 1)]!),
    types: types && Uint8Array.from(rows, (row) => types[row]!),
    typeProbabilities: typeProbabilities && Float64Array.from(rows, (row) => typeProbabilities[row]!),
    contourStarts,
    contourPoints: points,
  };
}

/** The rows of `tables` in turn, which all have types or all have none. */
export function joinTables(tables: readonly NucleusTable[]): NucleusTable {
  if (tables.length === 1) return tables[0]!;
  const join = <T extends Int32Array | Float64Array | Uint8Array>(columns: readonly T[]): T => {
    const [first] = columns as [T];
    const joined = new (first.constructor as new (length: number) => T)(
      columns.reduce((sum, column) => sum + column.length, 0),
    );
    let at = 0;
    for (const column of columns) {
      joined.set(column, at);
      at += column.length;
    }
    return joined;
  };
  if (tables.length === 0) return createNucleusTable([]);
  const count = tables.reduce((sum, table) => sum + table.count, 0);
  const contourStarts = new Uint32Array(count + 1);
  let row = 0;
  let points = 0;
  for (const table of tables) {
    for (let index = 0; index < table.count; index++) contourStarts[row++] = points + table.contourStarts[index]!;
    points += table.contourPoints.length / 2;
  }
  contourStarts[count] = points;
  const isTyped = tables.every(({ types }) => types !== null);
  return {
    count,
    ids: join(tables.map(({ ids }) => ids)),
    boxes: join(tables.map(({ boxes }) => boxes)),
    centroids: join(tables.map(({ centroids }) => centroids)),
    types: isTyped ? join(tables.map(({ types }) => types!)) : null,
    typeProbabilities: isTyped ? join(tables.map(({ typeProbabilities }) => typeProbabilities!)) : null,
    contourStarts,
    contourPoints: join(tables.map(({ contourPoints }) => contourPoints)),
  };
}
