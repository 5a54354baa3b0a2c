// The nuclei of an image as they come, cell by cell: their tables and pixels in scratch space, a byte of each in memory.
import { createNucleusTable, type Box, type NucleusReader, type NucleusTable } from '@hovernet/core';
import { paintMasks, type MaskedNuclei } from './masks.js';
import type { ScratchFile } from './scratch.js';
import { joinTables, packTable, selectRows, unpackTable } from './tables.js';

export interface NucleusStore extends NucleusReader {
  /** Appends nuclei whose ids go on from `count` + 1. */
  append(nuclei: MaskedNuclei): Promise<void>;
  /** Ids of the nuclei on the pixels of `box`, in C order. */
  readLabels(box: Box): Promise<Int32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** What one call of `append` wrote. */
interface Chunk {
  readonly offset: number;
  readonly tableBytes: number;
  readonly maskBytes: number;
  readonly count: number;
  readonly points: number;
  readonly isTyped: boolean;
  /** Holds all its nuclei. */
  readonly box: Box;
}

/** Bytes of chunks that are kept in memory: those of a row of cells, so that results are read in rows. */
const defaultCacheBytes = 2 ** 26;

/** A store in `file`, which it closes. */
export function createNucleusStore(
  file: ScratchFile,
  { cacheBytes = defaultCacheBytes }: { readonly cacheBytes?: number } = {},
): NucleusStore {
  const chunks: Chunk[] = [];
  // In the order of their last use.
  const cache = new Map<Chunk, MaskedNuclei>();
  let cached = 0;
  let types = new Uint8Array(1024);
  let count = 0;
  let end = 0;
  const keep = (chunk: Chunk, nuclei: MaskedNuclei) => {
    if (!cache.delete(chunk)) cached += chunk.tableBytes + chunk.maskBytes;
    cache.set(chunk, nuclei);
    for (const oldest of cache.keys()) {
      if (cached <= cacheBytes || cache.size === 1) break;
      cache.delete(oldest);
      cached -= oldest.tableBytes + oldest.maskBytes;
    }
    return nuclei;
  };
  const load = async (chunk: Chunk): Promise<MaskedNuclei> => {
    const known = cache.get(chunk);
    if (known) return keep(chunk, known);
    const bytes = new Uint8Array(chunk.tableBytes + chunk.maskBytes);
    await file.read(bytes, chunk.offset);
    return keep(chunk, { table: unpackTable(bytes, chunk), masks: bytes.subarray(chunk.tableBytes) });
  };
  return {
    get count() {
      return count;
    },
    async append({ table, masks }) {
      if (table.count === 0) return;
      const packed = packTable(table);
      const bytes = new Uint8Array(packed.length + masks.length);
      bytes.set(packed);
      bytes.set(masks, packed.length);
      if (count + table.count >= types.length) types = extend(types, count + table.count);
      if (table.types) types.set(table.types, count + 1);
      const chunk: Chunk = {
        offset: end,
        tableBytes: packed.length,
        maskBytes: masks.length,
        count: table.count,
        points: table.contourPoints.length / 2,
        isTyped: table.types !== null,
        box: boundNuclei(table),
      };
      chunks.push(chunk);
      keep(chunk, { table, masks });
      count += table.count;
      end += bytes.length;
      await file.write(bytes, chunk.offset);
    },
    typesOf(ids) {
      const painted = new Uint8Array(ids.length);
      for (let i = 0; i < ids.length; i++) painted[i] = types[ids[i]!]!;
      return painted;
    },
    async *tables() {
      for (const chunk of chunks) yield (await load(chunk)).table;
    },
    async inRows(y0, y1) {
      const found: NucleusTable[] = [];
      for (const chunk of chunks) {
        if (chunk.box[1] >= y1 || chunk.box[3] <= y0) continue;
        const { table } = await load(chunk);
        const { boxes } = table;
        const rows = Array.from(table.ids.keys()).filter((row) => boxes[4 * row + 1]! < y1 && boxes[4 * row + 3]! > y0);
        if (rows.length > 0) found.push(selectRows(table, rows));
      }
      return found.length > 0
        ? joinTables(found)
        : createNucleusTable([], { isTyped: chunks.some(({ isTyped }) => isTyped) });
    },
    async readLabels(box) {
      const [x0, y0, x1, y1] = box;
      const labels = new Int32Array((x1 - x0) * (y1 - y0));
      for (const chunk of chunks) {
        const [left, top, right, bottom] = chunk.box;
        if (left < x1 && right > x0 && top < y1 && bottom > y0) paintMasks(await load(chunk), labels, box);
      }
      return labels;
    },
    close: () => file.close(),
  };
}

function boundNuclei({ boxes }: NucleusTable): Box {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < boxes.length; i += 4) {
    bounds[0] = Math.min(bounds[0], boxes[i]!);
    bounds[1] = Math.min(bounds[1], boxes[i + 1]!);
    bounds[2] = Math.max(bounds[2], boxes[i + 2]!);
    bounds[3] = Math.max(bounds[3], boxes[i + 3]!);
  }
  return bounds;
}

function extend(values: Uint8Array, atLeast: number): Uint8Array<ArrayBuffer> {
  const extended = new Uint8Array(2 * atLeast + 1);
  extended.set(values);
  return extended;
}
