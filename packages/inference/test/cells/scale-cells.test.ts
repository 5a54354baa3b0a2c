import { createLabelMap, createNucleusTable, listNuclei, type Nucleus } from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';
import { describe, expect, it } from 'vitest';
import { planCells } from '../../src/cells/plan-cells.js';
import { scaleCells, scaleNuclei } from '../../src/cells/scale-cells.js';

describe('cells of a resampled image in the image’s pixels', () => {
  it('are the same where it was not resampled', () => {
    const cells = planCells(50, 70, { cellPx: 30, haloPx: 5 });
    expect(scaleCells(cells, { width: 70, height: 50 })).toBe(cells);
  });

  it.each([
    [100, 140, 50, 70],
    [50, 70, 100, 140],
    [97, 131, 71, 96],
    [71, 96, 97, 131],
    [301, 40, 100, 13],
  ])('divide it: %i × %i from %i × %i', (height, width, scaledHeight, scaledWidth) => {
    const scaled = planCells(scaledHeight, scaledWidth, { cellPx: 30, haloPx: 7 });
    const plan = scaleCells(scaled, { width, height });
    expect([plan.height, plan.width, plan.cells.length]).toEqual([height, width, scaled.cells.length]);
    const owners = new Int32Array(height * width).fill(-1);
    for (const { index, core, seen } of plan.cells) {
      const [x0, y0, x1, y1] = core;
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          expect(owners[y * width + x]).toBe(-1);
          owners[y * width + x] = index;
        }
      }
      expect(seen[0] <= x0 && seen[1] <= y0 && seen[2] >= x1 && seen[3] >= y1).toBe(true);
      expect(seen[0] >= 0 && seen[1] >= 0 && seen[2] <= width && seen[3] <= height).toBe(true);
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        // A pixel's cell is that of the resampled pixel that its centre lies in.
        const nearest = [
          Math.floor(((x + 0.5) * scaledWidth) / width),
          Math.floor(((y + 0.5) * scaledHeight) / height),
        ] as const;
        if (owners[y * width + x] !== scaled.ownerOf(nearest)) expect.fail(`${x}, ${y}`);
        if (plan.ownerOf([x, y]) !== owners[y * width + x]) expect.fail(`owner of ${x}, ${y}`);
      }
    }
  });
});

describe('nuclei of a resampled image in the image’s pixels', () => {
  /** A label map of rows of digits, and its nuclei with types. */
  function draw(...rows: readonly string[]) {
    const [height, width] = [rows.length, rows[0]!.length];
    const instanceMap = createLabelMap(height, width, Int32Array.from(rows.join(''), Number));
    const nuclei = describeNuclei(instanceMap).map((nucleus) => ({
      ...nucleus,
      type: 1 + (nucleus.id % 4),
      typeProbability: nucleus.id / 10,
    }));
    return { instanceMap, nuclei, table: createNucleusTable(nuclei) };
  }

  /** `found` in an image of `scaled` pixels seen as one cell, in an image of `width` × `height`. */
  function scaleWhole({ instanceMap, table }: ReturnType<typeof draw>, width: number, height: number) {
    const [scaledHeight, scaledWidth] = instanceMap.shape as [number, number];
    const scaledCell = planCells(scaledHeight, scaledWidth, { cellPx: null, haloPx: 0 }).cells[0]!;
    const cell = planCells(height, width, { cellPx: null, haloPx: 0 }).cells[0]!;
    const places = { cell, scaledCell, image: { width, height }, scaled: { width: scaledWidth, height: scaledHeight } };
    return scaleNuclei({ instanceMap, table }, places);
  }

  const rowsOf = ({ data, shape }: ReturnType<typeof createLabelMap>) =>
    Array.from({ length: shape[0]! }, (_, y) => data.subarray(y * shape[1]!, (y + 1) * shape[1]!).join(''));
  const places = (nuclei: readonly Nucleus[]) =>
    nuclei.map(({ id, box, centroid, contour }) => ({ id, box, centroid, contour }));

  it('are as many times larger', () => {
    const { instanceMap, table } = scaleWhole(draw('0110', '0112', '0002'), 8, 6);
    expect(rowsOf(instanceMap)).toEqual(['00111100', '00111100', '00111122', '00111122', '00000022', '00000022']);
    const nuclei = listNuclei(table);
    expect(nuclei.map(({ type, typeProbability }) => [type, typeProbability])).toEqual([
      [2, 0.1],
      [3, 0.2],
    ]);
    expect(places(nuclei)).toEqual(places(describeNuclei(instanceMap)));
  });

  it('are dropped where no pixel is left to them, and the ids of the others close up', () => {
    const found = draw('11002033', '11000033', '00000000', '00000000', '44000555', '44000555');
    const { instanceMap, table } = scaleWhole(found, 4, 3);
    expect(rowsOf(instanceMap)).toEqual(['1002', '0000', '3044']);
    const nuclei = listNuclei(table);
    expect(nuclei.map(({ id, type }) => [id, type])).toEqual(
      [1, 3, 4, 5].map((id, index) => [index + 1, 1 + (id % 4)]),
    );
    expect(places(nuclei)).toEqual(places(describeNuclei(instanceMap)));
  });

  it('are none where all are dropped', () => {
    const { table } = scaleWhole(draw('0100', '0000', '0000', '0000'), 1, 1);
    expect(table.count).toBe(0);
  });

  it('have no types where the network gives none', () => {
    const { instanceMap, nuclei } = draw('0110', '0112');
    const untyped = nuclei.map((nucleus) => ({ ...nucleus, type: null, typeProbability: null }));
    const { table } = scaleWhole({ instanceMap, nuclei, table: createNucleusTable(untyped) }, 8, 4);
    expect([table.types, table.typeProbabilities]).toEqual([null, null]);
  });

  it.each([
    [97, 131, 71, 96],
    [71, 96, 97, 131],
  ])(
    'have the same pixels in whichever cell they are seen: %i × %i from %i × %i',
    (height, width, scaledHeight, scaledWidth) => {
      const labels = createLabelMap(scaledHeight, scaledWidth);
      for (let i = 0; i < labels.data.length; i++) labels.data[i] = 1 + Math.floor(i / 50);
      const image = { width, height };
      const scaled = planCells(scaledHeight, scaledWidth, { cellPx: 40, haloPx: 9 });
      const plan = scaleCells(scaled, image);
      for (const [index, scaledCell] of scaled.cells.entries()) {
        const cell = plan.cells[index]!;
        const [left, top, right, bottom] = scaledCell.seen;
        const seen = createLabelMap(bottom - top, right - left);
        const numbers = new Map<number, number>();
        for (let y = top, at = 0; y < bottom; y++) {
          for (let x = left; x < right; x++, at++) {
            const id = labels.data[y * scaledWidth + x]!;
            if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
            seen.data[at] = numbers.get(id)!;
          }
        }
        const table = createNucleusTable(describeNuclei(seen));
        const found = scaleNuclei({ instanceMap: seen, table }, { cell, scaledCell, image, scaled });
        const names = new Map<number, number>();
        const [x0, y0, x1, y1] = cell.seen;
        for (let y = y0, at = 0; y < y1; y++) {
          for (let x = x0; x < x1; x++, at++) {
            const row = Math.floor(((y + 0.5) * scaledHeight) / height);
            const column = Math.floor(((x + 0.5) * scaledWidth) / width);
            const expected = labels.data[row * scaledWidth + column]!;
            const id = found.instanceMap.data[at]!;
            if (!names.has(id)) names.set(id, expected);
            if (names.get(id) !== expected) expect.fail(`${x}, ${y} in cell ${index}`);
          }
        }
        expect(names.size).toBe(found.table.count);
      }
    },
  );
});
