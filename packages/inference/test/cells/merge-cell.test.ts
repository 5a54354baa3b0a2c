// Nuclei of an image that is segmented in cells, against those of the image as a whole.
import { createNucleusTable, cropView, listNuclei, type Nucleus, type RawMaps } from '@hovernet/core';
import { segmentNuclei, type SegmentNucleiOptions } from '@hovernet/postprocess';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLabelledMaps, createLabelledScene } from '@hovernet/transforms/internal';
import { mergeCell } from '../../src/cells/merge-cell.js';
import { planCells } from '../../src/cells/plan-cells.js';
import { selectNuclei } from '../../src/cells/select-nuclei.js';
import { createFolderScratch } from '../../src/scratch/node/folder-scratch.js';
import { createNucleusStore } from '../../src/scratch/nucleus-store.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-merge-'));
afterAll(() => rmSync(folder, { recursive: true }));
const scratch = createFolderScratch(folder);

function crop({ np, hv, nc }: RawMaps, [x0, y0, x1, y1]: readonly [number, number, number, number]): RawMaps {
  const cut = (planes: typeof np) => cropView(planes.transpose(1, 2, 0), [x0, y0, x1, y1]).transpose(2, 0, 1);
  return { np: cut(np), hv: cut(hv), nc: nc && cut(nc) };
}

async function segmentInCells(maps: RawMaps, options: SegmentNucleiOptions, cellPx: number, haloPx: number) {
  const [, height, width] = maps.np.shape as [number, number, number];
  const plan = planCells(height, width, { cellPx, haloPx });
  const store = createNucleusStore(await scratch.open(), { cacheBytes: 0 });
  for (const cell of plan.cells) {
    const { instanceMap, nuclei } = segmentNuclei(crop(maps, cell.seen), options);
    const own = selectNuclei(plan, cell, { instanceMap, table: createNucleusTable(nuclei) });
    await mergeCell(own, cell.seen, store);
  }
  const labels = await store.readLabels([0, 0, width, height]);
  const records = listNuclei(await store.inRows(0, height));
  await store.close();
  return { labels, records };
}

/** What does not depend on ids, in the order of first pixels. */
function describeAll(nuclei: readonly Nucleus[]): string[] {
  return nuclei
    .map(({ box, centroid, contour, type, typeProbability }) => ({ box, centroid, contour, type, typeProbability }))
    .sort((a, b) => a.contour[0]![1] - b.contour[0]![1] || a.contour[0]![0] - b.contour[0]![0])
    .map((nucleus) => JSON.stringify(nucleus));
}

/** Ids in the order of first pixels. */
function renumber(labels: Int32Array): Int32Array {
  const ids = new Map([[0, 0]]);
  return labels.map((label) => {
    if (!ids.has(label)) ids.set(label, ids.size);
    return ids.get(label)!;
  });
}

function bytesOf({ buffer }: Int32Array): Uint8Array {
  return new Uint8Array(buffer);
}

const sidePx = 440;
const maps = createLabelledMaps(createLabelledScene(sidePx, 3));

describe('nuclei of cells', () => {
  const options = { normalization: 'fixed' } as const;
  const whole = segmentNuclei(maps, options);

  it.each([
    [220, 96],
    [110, 96],
    [180, 128],
  ])(
    'are, with fixed normalisation, those of the whole image: cells of %i with halos of %i',
    async (cellPx, haloPx) => {
      const { labels, records } = await segmentInCells(maps, options, cellPx, haloPx);
      expect(whole.nuclei.length).toBeGreaterThan(80);
      expect(describeAll(records)).toEqual(describeAll(whole.nuclei));
      expect(Buffer.compare(bytesOf(renumber(labels)), bytesOf(renumber(whole.instanceMap.data)))).toBe(0);
      expect(records.map(({ id }) => id)).toEqual(Array.from(records.keys(), (index) => index + 1));
      for (const {
        id,
        contour: [first],
      } of records)
        expect(labels[first![1] * sidePx + first![0]]).toBe(id);
    },
  );

  it('are cut where the halo is smaller than nuclei', async () => {
    const { records } = await segmentInCells(maps, options, 110, 4);
    expect(describeAll(records)).not.toEqual(describeAll(whole.nuclei));
  });

  it('are with the ranges of each cell no others than a few, and none is there twice or in two pieces', async () => {
    const tile = segmentNuclei(maps);
    const { labels, records } = await segmentInCells(maps, {}, 110, 96);
    const known = new Set(describeAll(tile.nuclei));
    const same = describeAll(records).filter((nucleus) => known.has(nucleus)).length;
    expect(same / tile.nuclei.length).toBeGreaterThan(0.8);
    expect(Math.abs(records.length - tile.nuclei.length)).toBeLessThan(0.03 * tile.nuclei.length);
    const pixels = new Map<number, number>();
    for (const label of labels) pixels.set(label, (pixels.get(label) ?? 0) + 1);
    // Every record has pixels of its own, and every pixel a record.
    expect([...pixels.keys()].sort((a, b) => a - b)).toEqual([0, ...records.map(({ id }) => id)]);
    for (const {
      id,
      box: [x0, y0, x1, y1],
    } of records) {
      let inside = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (labels[y * sidePx + x] === id) inside++;
      expect(inside).toBe(pixels.get(id));
    }
  });
});
