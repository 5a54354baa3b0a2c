// The nuclei of an image as they come, block by block: their records in a file, a few numbers of each in memory.
import type { Nucleus } from '@hovernet/core';
import { formatNucleus, type NucleusRecord } from '@hovernet/export';
import { openScratchFile } from './scratch-file.js';

export interface NucleiSpool {
  readonly count: number;
  /** Appends nuclei whose ids go on from `count` + 1. */
  append(nuclei: readonly Nucleus[]): Promise<void>;
  /** Class of each of `ids`; 0 for 0, and where there is none. */
  typesOf(ids: Int32Array): Uint8Array;
  /** Records as JSON, joined by commas, some at a time. */
  listTexts(): AsyncGenerator<string, void, undefined>;
  /** Records, by id, of the nuclei whose boxes meet the rows from `y0` to before `y1`. */
  findRecords(y0: number, y1: number): Promise<NucleusRecord[]>;
  close(): Promise<void>;
}

/** What one call of `append` wrote; positions in its text, which is ASCII. */
interface Chunk {
  readonly offset: number;
  readonly length: number;
  readonly starts: Uint32Array;
  /** Rows of each nucleus, one past the last in `bottoms`. */
  readonly tops: Int32Array;
  readonly bottoms: Int32Array;
}

export async function openNucleiSpool(folder: string): Promise<NucleiSpool> {
  const file = await openScratchFile(folder);
  const chunks: Chunk[] = [];
  let types = new Uint8Array(1024);
  let count = 0;
  let end = 0;
  const readText = async ({ offset, length }: Chunk) => {
    const bytes = new Uint8Array(length);
    await file.read(bytes, offset);
    return Buffer.from(bytes.buffer).toString('latin1');
  };
  return {
    get count() {
      return count;
    },
    async append(nuclei) {
      if (nuclei.length === 0) return;
      const texts = nuclei.map((nucleus) => JSON.stringify(formatNucleus(nucleus)));
      const starts = new Uint32Array(texts.length + 1);
      texts.forEach((text, index) => (starts[index + 1] = starts[index]! + text.length + 1));
      const bytes = Buffer.from(texts.join(','), 'latin1');
      if (count + nuclei.length >= types.length) types = extend(types, count + nuclei.length);
      for (const { id, type } of nuclei) types[id] = type ?? 0;
      chunks.push({
        offset: end,
        length: bytes.length,
        starts,
        tops: Int32Array.from(nuclei, ({ box }) => box[1]),
        bottoms: Int32Array.from(nuclei, ({ box }) => box[3]),
      });
      count += nuclei.length;
      await file.write(bytes, end);
      end += bytes.length;
    },
    typesOf(ids) {
      const painted = new Uint8Array(ids.length);
      for (let i = 0; i < ids.length; i++) painted[i] = types[ids[i]!]!;
      return painted;
    },
    async *listTexts() {
      for (const chunk of chunks) yield await readText(chunk);
    },
    async findRecords(y0, y1) {
      const records: NucleusRecord[] = [];
      for (const chunk of chunks) {
        const { starts, tops, bottoms } = chunk;
        const found = Array.from(tops.keys()).filter((index) => tops[index]! < y1 && bottoms[index]! > y0);
        if (found.length === 0) continue;
        const text = await readText(chunk);
        for (const index of found)
          records.push(JSON.parse(text.slice(starts[index], starts[index + 1]! - 1)) as NucleusRecord);
      }
      return records;
    },
    close: () => file.close(),
  };
}

function extend(values: Uint8Array, atLeast: number): Uint8Array<ArrayBuffer> {
  const extended = new Uint8Array(2 * atLeast + 1);
  extended.set(values);
  return extended;
}
