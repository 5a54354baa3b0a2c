import { createRandom, createRgbImage, type RawMaps } from '@hovernet/core';
import { countWindows, planWindows } from '@hovernet/transforms';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planCells } from '../../src/cells/plan-cells.js';
import { predictCells } from '../../src/cells/predict-cells.js';
import type { WindowNetwork } from '../../src/network/trained-network.js';
import { createFolderScratch } from '../../src/scratch/node/folder-scratch.js';
import { createMemorySource } from '../../src/sources/memory-source.js';
import { createMapMerger } from '../../src/windows/merge-maps.js';
import { predictWindows } from '../../src/windows/predict-windows.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-blocks-'));
afterAll(() => rmSync(folder, { recursive: true }));
const scratch = createFolderScratch(folder);

const window = { input: 20, output: 12 };
let computed = 0;

/** Says three sums of what each window shows around its middle, which differ with the window a pixel lies in. */
const network: WindowNetwork = {
  inChannels: 3,
  outChannels: { np: 2, hv: 2, nc: 3 },
  run: (planes, { batchSize }) => {
    const say = (channels: number, weight: number) => {
      const values = new Float32Array(batchSize * channels * window.output ** 2);
      for (let i = 0; i < values.length; i++) {
        const item = Math.floor(i / (channels * window.output ** 2));
        const at = i % window.output ** 2;
        const [x, y] = [4 + (at % window.output), 4 + Math.floor(at / window.output)];
        const from = (item * 3 + (Math.floor(i / window.output ** 2) % channels)) * window.input ** 2;
        // The window's own corner makes overlapping windows disagree, so that sums depend on their order.
        values[i] = planes[from + y * window.input + x]! * weight + planes[from]! / 3;
      }
      return values;
    };
    computed += batchSize;
    return Promise.resolve({ np: say(2, 1.7), hv: say(2, 0.3), nc: say(3, 5.1) });
  },
  dispose: () => Promise.resolve(),
};

function createNoise(height: number, width: number) {
  const random = createRandom(height + 1000 * width);
  const data = Uint8Array.from({ length: 3 * height * width }, () => random.integer(256));
  return createRgbImage(height, width, data);
}

async function predictWhole(height: number, width: number, padding: 'zero' | 'mirror'): Promise<RawMaps> {
  const plan = planWindows(height, width, window);
  const maps = createMapMerger(network, plan);
  const indices = Array.from({ length: countWindows(plan) }, (_, index) => index);
  const job = { source: createMemorySource(createNoise(height, width)), plan, indices };
  for await (const { index, outputs, position } of predictWindows(network, job, { batchSize: 1, padding }))
    maps.add(index, outputs, position);
  return maps.finish();
}

describe('raw maps of cells', () => {
  it.each([
    [50, 71, 30, 5],
    [71, 50, 64, 0],
    [12, 100, 64, 20],
    [9, 7, 64, 20],
    [97, 95, 20, 31],
  ])(
    'are parts of those of the whole, bit by bit: %i × %i in cells of %i with halos of %i',
    async (height, width, cellPx, haloPx) => {
      for (const padding of ['zero', 'mirror'] as const) {
        const whole = await predictWhole(height, width, padding);
        const source = createMemorySource(createNoise(height, width));
        const cells = planCells(height, width, { cellPx, haloPx });
        const image = { source, cells, windows: planWindows(height, width, window) };
        const options = { batchSize: 3, padding, scratch };
        let count = 0;
        for await (const { cell, rawMaps } of predictCells(network, image, options)) {
          const [x0, y0, x1, y1] = cell.seen;
          count++;
          for (const name of ['np', 'hv', 'nc'] as const) {
            const part = whole[name]!.lo(0, y0, x0).hi(-1, y1 - y0, x1 - x0);
            expect(rawMaps[name]!.shape.slice(1)).toEqual([y1 - y0, x1 - x0]);
            for (let c = 0; c < rawMaps[name]!.shape[0]!; c++)
              for (let y = 0; y < y1 - y0; y++)
                for (let x = 0; x < x1 - x0; x++)
                  if (rawMaps[name]!.get(c, y, x) !== part.get(c, y, x)) expect.fail(`${name} ${c} ${y} ${x} differs`);
          }
        }
        expect(count).toBe(cells.cells.length);
      }
    },
  );

  it('need each window once, and leave no file behind', async () => {
    const source = createMemorySource(createNoise(80, 80));
    const cells = planCells(80, 80, { cellPx: 30, haloPx: 14 });
    const image = { source, cells, windows: planWindows(80, 80, window) };
    const told: number[] = [];
    computed = 0;
    const options = { batchSize: 1, scratch, onWindows: (done: number) => void told.push(done) };
    for await (const { cell } of predictCells(network, image, options)) void cell;
    expect(cells.cells).toHaveLength(9);
    expect(computed).toBe(49);
    expect(told).toEqual(Array.from({ length: 50 }, (_, done) => done));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('end between windows when interrupted', async () => {
    const controller = new AbortController();
    const source = createMemorySource(createNoise(80, 80));
    const cells = planCells(80, 80, { cellPx: 30, haloPx: 4 });
    const image = { source, cells, windows: planWindows(80, 80, window) };
    const onWindows = (done: number) => void (done === 5 && controller.abort());
    const options = { batchSize: 1, scratch, signal: controller.signal, onWindows };
    computed = 0;
    await expect(predictCells(network, image, options).next()).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(computed).toBe(5);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a plan of cells', () => {
  it('divides the image into cores of about equal size, each with its halo', () => {
    const { cells, ownerOf } = planCells(10, 25, { cellPx: 10, haloPx: 2 });
    expect(cells.map(({ core }) => core)).toEqual([
      [0, 0, 8, 10],
      [8, 0, 17, 10],
      [17, 0, 25, 10],
    ]);
    expect(cells.map(({ seen }) => seen)).toEqual([
      [0, 0, 10, 10],
      [6, 0, 19, 10],
      [15, 0, 25, 10],
    ]);
    expect([0, 7.9, 8, 16.99, 17, 24].map((x) => ownerOf([x, 9.5]))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('leaves an image whole that fits, and where no size is given', () => {
    expect(planCells(10, 10, { cellPx: 10, haloPx: 3 }).cells).toEqual([
      { index: 0, core: [0, 0, 10, 10], seen: [0, 0, 10, 10] },
    ]);
    expect(planCells(999, 10, { cellPx: null, haloPx: 3 }).cells).toHaveLength(1);
    expect(() => planCells(0, 10, { cellPx: 10, haloPx: 3 })).toThrow('got 10×0');
  });
});
