import { createNucleusTable, listNuclei, type Nucleus } from '@hovernet/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFolderScratch } from '../../src/scratch/node/folder-scratch.js';
import { listMaskStarts, type MaskedNuclei } from '../../src/scratch/masks.js';
import { createNucleusStore, type NucleusStore } from '../../src/scratch/nucleus-store.js';
import { joinTables } from '../../src/scratch/tables.js';
import { memoryScratch } from '../../src/scratch/scratch.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-nuclei-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Nuclei `from`…`to`, of which number n lies in rows 10 n to 10 n + 5 and has n points. */
function createNuclei(from: number, to: number, isTyped = true): Nucleus[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const id = from + index;
    return {
      id,
      box: [id, 10 * id, id + 3, 10 * id + 5],
      centroid: [id + 1 / 3, 10 * id + 2 / 7],
      contour: Array.from({ length: id }, (_unused, point) => [id + point, 10 * id - point] as const),
      type: isTyped ? 1 + (id % 3) : null,
      typeProbability: isTyped ? 1 / id : null,
    };
  });
}

/** Nuclei that fill their boxes. */
function mask(nuclei: readonly Nucleus[]): MaskedNuclei {
  const table = createNucleusTable(nuclei);
  return { table, masks: new Uint8Array(listMaskStarts(table)[table.count]!).fill(255) };
}

async function readAll(store: NucleusStore): Promise<Nucleus[]> {
  const nuclei: Nucleus[] = [];
  for await (const table of store.tables()) nuclei.push(...listNuclei(table));
  return nuclei;
}

const spaces = [
  ['memory', memoryScratch],
  ['a folder', createFolderScratch(folder)],
] as const;

describe.each(spaces)('nuclei in %s', (_where, scratch) => {
  it.each([true, false])('come back as they were appended, with types: %s', async (isTyped) => {
    const store = createNucleusStore(await scratch.open());
    expect([store.count, await readAll(store)]).toEqual([0, []]);
    await store.append(mask(createNuclei(1, 4, isTyped)));
    await store.append(mask([]));
    await store.append(mask(createNuclei(5, 5, isTyped)));
    await store.append(mask(createNuclei(6, 9, isTyped)));
    expect(store.count).toBe(9);
    expect(await readAll(store)).toEqual(createNuclei(1, 9, isTyped));
    await store.close();
  });

  it('are found by the rows that their boxes meet', async () => {
    const store = createNucleusStore(await scratch.open());
    await store.append(mask(createNuclei(1, 4)));
    await store.append(mask(createNuclei(5, 9)));
    const idsIn = async (y0: number, y1: number) => [...(await store.inRows(y0, y1)).ids];
    expect(await idsIn(0, 1000)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await idsIn(20, 21)).toEqual([2]);
    expect(await idsIn(24, 30)).toEqual([2]);
    expect(await idsIn(25, 30)).toEqual([]);
    expect(await idsIn(30, 51)).toEqual([3, 4, 5]);
    expect(listNuclei(await store.inRows(30, 51))).toEqual(createNuclei(3, 5));
    expect(await idsIn(-9, 10)).toEqual([]);
    await store.close();
  });
});

describe('types of nuclei', () => {
  it('are those of their ids, 0 for none', async () => {
    const store = createNucleusStore(await memoryScratch.open());
    await store.append(mask(createNuclei(1, 2)));
    expect([...store.typesOf(Int32Array.of(0, 1, 2, 2, 0))]).toEqual([0, 2, 3, 3, 0]);
    // More than there is room for at first.
    await store.append(mask(createNuclei(3, 100)));
    for (let first = 101; first <= 3000; first += 100)
      await store.append(mask(createNuclei(first, first + 99).map((nucleus) => ({ ...nucleus, contour: [] }))));
    expect([...store.typesOf(Int32Array.of(1, 3000, 1023, 1024, 1025, 0))]).toEqual([2, 1, 1, 2, 3, 0]);
  });

  it('are 0 without a type branch', async () => {
    const store = createNucleusStore(await memoryScratch.open());
    await store.append(mask(createNuclei(1, 3, false)));
    expect([...store.typesOf(Int32Array.of(1, 0, 3))]).toEqual([0, 0, 0]);
  });
});

describe('joined tables', () => {
  it.each([true, false])('have the rows of all in turn, with types: %s', (isTyped) => {
    const parts = [createNuclei(1, 3, isTyped), createNuclei(4, 4, isTyped), createNuclei(5, 8, isTyped)];
    const joined = joinTables(parts.map((nuclei) => createNucleusTable(nuclei)));
    expect(joined).toEqual(createNucleusTable(createNuclei(1, 8, isTyped)));
  });

  it('are empty where there are none', () => {
    expect(joinTables([])).toEqual(createNucleusTable([]));
  });
});
