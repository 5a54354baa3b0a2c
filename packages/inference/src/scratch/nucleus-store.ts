// The nuclei of an image as they come, cell by cell: their tables in scratch space, a few numbers of each in memory.
import { createNucleusTable, type NucleusReader, type NucleusTable } from '@hovernet/core';
import { packTable, unpackTable } from './pack-table.js';
import { selectRows } from './select-rows.js';
import type { ScratchFile } from './scratch.js';

export interface NucleusStore extends NucleusReader {
  /** Appends nuclei whose ids go on from `count` + 1. */
  append(table: NucleusTable): Promise<void>;
  close(): Promise<void>;
}

/** What one call of `append` wrote. */
interface Chunk {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
  readonly points: number;
  readonly isTyped: boolean;
  /** First row of each nucleus, and one past its last. */
  readonly tops: Int32Array;
  readonly bottoms: Int32Array;
}

/** A store in `file`, which it closes. */
export function createNucleusStore(file: ScratchFile): NucleusStore {
  const chunks: Chunk[] = [];
  let types = new Uint8Array(1024);
  let count = 0;
  let end = 0;
  const load = async (chunk: Chunk): Promise<NucleusTable> => {
    const bytes = new Uint8Array(chunk.length);
    await file.read(bytes, chunk.offset);
    return unpackTable(bytes, chunk);
  };
  return {
    get count() {
      return count;
    },
    async append(table) {
      if (table.count === 0) return;
      const bytes = packTable(table);
      if (count + table.count >= types.length) types = extend(types, count + table.count);
      if (table.types) types.set(table.types, count + 1);
      chunks.push({
        offset: end,
        length: bytes.length,
        count: table.count,
        points: table.contourPoints.length / 2,
        isTyped: table.types !== null,
        tops: Int32Array.from({ length: table.count }, (_, row) => table.boxes[4 * row + 1]!),
        bottoms: Int32Array.from({ length: table.count }, (_, row) => table.boxes[4 * row + 3]!),
      });
      count += table.count;
      const start = end;
      end += bytes.length;
      await file.write(bytes, start);
    },
    typesOf(ids) {
      const painted = new Uint8Array(ids.length);
      for (let i = 0; i < ids.length; i++) painted[i] = types[ids[i]!]!;
      return painted;
    },
    async *tables() {
      for (const chunk of chunks) yield await load(chunk);
    },
    async inRows(y0, y1) {
      const found: NucleusTable[] = [];
      for (const chunk of chunks) {
        const { tops, bottoms } = chunk;
        const rows = Array.from(tops.keys()).filter((row) => tops[row]! < y1 && bottoms[row]! > y0);
        if (rows.length > 0) found.push(selectRows(await load(chunk), rows));
      }
      return found.length > 0
        ? joinTables(found)
        : createNucleusTable([], { isTyped: chunks.some(({ isTyped }) => isTyped) });
    },
    close: () => file.close(),
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

function extend(values: Uint8Array, atLeast: number): Uint8Array<ArrayBuffer> {
  const extended = new Uint8Array(2 * atLeast + 1);
  extended.set(values);
  return extended;
}
