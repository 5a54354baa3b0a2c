// Journals: what they keep, when they begin anew, and what damage costs.
import { createNucleusTable, type NucleiSink } from '@hovernet/core';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { packCell, unpackCell } from '../../src/journal/cell-record.js';
import { createFolderJournal } from '../../src/journal/node/folder-journal.js';
import { createSeeingNetwork, createSeenImage } from '../seeing-network.js';
import { createSink, openSeeing } from '../seeing-segmenter.js';

const root = mkdtempSync(join(tmpdir(), 'hovernet-journal-'));
afterAll(() => rmSync(root, { recursive: true }));
const slide = join(root, 'slide.svs');
const folder = join(root, 'slide.journal');
writeFileSync(slide, 'pixels');
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  writeFileSync(slide, 'pixels');
});

const image = createSeenImage(300, 420);
const grid = { windowPx: 128, keepPx: 44, cellPx: 128, haloPx: 64 };
const cellNames = () => readdirSync(folder).filter((name) => name.endsWith('.cell'));

/** Segments the image; `stopAt` windows it is interrupted. */
async function segment({ stopAt = Infinity, haloPx = grid.haloPx, sinks = [] as NucleiSink[] } = {}) {
  const controller = new AbortController();
  const found: unknown[] = [];
  let windows = 0;
  const network = createSeeingNetwork(() => void (++windows >= stopAt && controller.abort()));
  const { sink, cells } = createSink();
  const journal = createFolderJournal(folder, { image: slide, onResume: (run) => found.push(run) });
  const options = { sinks: [sink, ...sinks], grid: { ...grid, haloPx }, journal, signal: controller.signal };
  const summary = await openSeeing({}, { network })
    .segmentSlide(image, options)
    .catch((error: unknown) => error);
  return { summary, cells, windows, found };
}

const whole = await segment();

describe('an interrupted run', () => {
  it.each([3, 20, 45])('goes on where it was: after %i windows', async (stopAt) => {
    const first = await segment({ stopAt });
    expect(first.summary).toMatchObject({ code: 'INTERRUPTED' });
    const kept = cellNames().length;
    expect(kept).toBeGreaterThanOrEqual(first.cells.length);
    const { cells, summary, windows, found } = await segment();
    expect(cells).toEqual(whole.cells);
    expect(summary).toEqual({ ...(whole.summary as object), resumedCells: kept });
    expect(found).toEqual([{ cells: kept, changed: [] }]);
    // What is computed twice are windows that the remaining cells share with those before.
    expect(windows).toBeLessThanOrEqual(whole.windows);
    expect(readdirSync(root)).toEqual(['slide.svs']);
  });

  it('computes nothing again where only the end was missing', async () => {
    const full: NucleiSink = { ...createSink().sink, finish: () => Promise.reject(new Error('no space left')) };
    expect((await segment({ sinks: [full] })).summary).toEqual(new Error('no space left'));
    const { windows, cells } = await segment();
    expect(windows).toBe(0);
    expect(cells).toEqual(whole.cells);
  });

  it('begins anew, and says what changed, where the slide or an option is another', async () => {
    await segment({ stopAt: 45 });
    expect(cellNames().length).toBeGreaterThan(0);
    appendFileSync(slide, '!');
    const changed = await segment({ stopAt: 45 });
    expect(changed).toMatchObject({ found: [{ cells: 0, changed: ['image'] }], windows: 45 });
    const other = await segment({ haloPx: 32 });
    expect(other).toMatchObject({ found: [{ cells: 0, changed: ['grid'] }], summary: { resumedCells: 0 } });
  });

  it('computes damaged and truncated cells again, and takes no notice of unfinished ones', async () => {
    await segment({ stopAt: 45 });
    const names = cellNames();
    truncateSync(join(folder, names[0]!), 7);
    const bytes = readFileSync(join(folder, names[1]!));
    bytes[5]! ^= 1;
    writeFileSync(join(folder, names[1]!), bytes);
    writeFileSync(join(folder, '.000009.cell.0a1b.tmp'), 'unfinished');
    const { cells, summary } = await segment();
    expect(cells).toEqual(whole.cells);
    expect(summary).toMatchObject({ resumedCells: names.length - 2 });
  });
});

it('leaves alone what is not its own', async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  await segment({ stopAt: 45 });
  await segment();
  expect(readdirSync(folder)).toEqual(['notes.txt']);
});

it('says in one sentence that the slide or the folder is gone', async () => {
  rmSync(slide);
  expect((await segment()).summary).toMatchObject({ code: 'MISSING_FILE', path: slide });
  writeFileSync(slide, 'pixels');
  writeFileSync(folder, 'a file');
  expect((await segment()).summary).toMatchObject({ code: 'INVALID_FILE' });
});

it('keeps the nuclei of a cell as they are', () => {
  for (const isTyped of [true, false]) {
    const type = isTyped ? 2 : null;
    const typeProbability = isTyped ? 1 / 3 : null;
    const nuclei = [1, 2].map((id) => ({
      id,
      box: [id, 2, id + 3, 7] as const,
      centroid: [id + 1 / 7, 3] as const,
      contour: [[id, 2] as const, [id, 6] as const],
      type,
      typeProbability,
    }));
    const own = {
      table: createNucleusTable(nuclei, { isTyped }),
      masks: Uint8Array.of(255, 127, 3, 96),
      beyondHalo: 1,
    };
    expect(unpackCell(packCell(own))).toEqual(own);
    const empty = { table: createNucleusTable([], { isTyped }), masks: new Uint8Array(0), beyondHalo: 0 };
    expect(unpackCell(packCell(empty))).toEqual(empty);
  }
});
