// The nuclei of an image as they come, cell by cell: their tables in scratch space, a few numbers of each in memory.
import { createNucleusTable, type NucleusReader, type NucleusTable } from '@hovernet/core';
import type { ScratchFile } from './scratch.js';
import { joinTables, packTable, selectRows, unpackTable } from './tables.js';

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

function extend(values: Uint8Array, atLeast: number): Uint8Array<ArrayBuffer> {
  const extended = new Uint8Array(2 * atLeast + 1);
  extended.set(values);
  return extended;
}
