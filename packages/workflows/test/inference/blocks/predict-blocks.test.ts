import { createRandom, createRgbImage, type RawMaps } from '@hovernet/core';
import { countWindows, planWindows } from '@hovernet/transforms';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planBlocks } from '../../../src/inference/blocks/plan-blocks.js';
import { predictBlocks } from '../../../src/inference/blocks/predict-blocks.js';
import { createMemorySource } from '../../../src/inference/images/image-source.js';
import { createMapMerger } from '../../../src/inference/tile-predictor.js';
import { predictWindows } from '../../../src/inference/windows/predict-windows.js';
import type { WindowRunner } from '../../../src/inference/windows/window-runner.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-blocks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const window = { input: 20, output: 12 };
let computed = 0;

/** Says three sums of what each window shows around its middle, which differ with the window a pixel lies in. */
const runner: WindowRunner = {
  inChannels: 3,
  outChannels: { np: 2, hv: 2, nc: 3 },
  windowFor: () => window,
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
  const maps = createMapMerger(runner, plan);
  const indices = Array.from({ length: countWindows(plan) }, (_, index) => index);
  const job = { image: createNoise(height, width), plan, indices };
  await predictWindows(runner, job, { batchSize: 1, padding }, (...accepted) => maps.add(...accepted));
  return maps.finish();
}

describe('raw maps of blocks', () => {
  it.each([
    [50, 71, 30, 5],
    [71, 50, 64, 0],
    [12, 100, 64, 20],
    [9, 7, 64, 20],
    [97, 95, 20, 31],
  ])(
    'are parts of those of the whole, bit by bit: %i × %i in blocks of %i with margins of %i',
    async (height, width, blockPx, marginPx) => {
      for (const padding of ['zero', 'mirror'] as const) {
        const whole = await predictWhole(height, width, padding);
        const source = createMemorySource(createNoise(height, width));
        const plan = planBlocks(height, width, { blockPx, marginPx });
        const options = { batchSize: 3, padding, scratchFolder: folder };
        let blocks = 0;
        for await (const { block, rawMaps } of predictBlocks(runner, source, plan, options)) {
          const [x0, y0, x1, y1] = block.seen;
          blocks++;
          for (const name of ['np', 'hv', 'nc'] as const) {
            const part = whole[name]!.lo(0, y0, x0).hi(-1, y1 - y0, x1 - x0);
            expect(rawMaps[name]!.shape.slice(1)).toEqual([y1 - y0, x1 - x0]);
            for (let c = 0; c < rawMaps[name]!.shape[0]!; c++)
              for (let y = 0; y < y1 - y0; y++)
                for (let x = 0; x < x1 - x0; x++)
                  if (rawMaps[name]!.get(c, y, x) !== part.get(c, y, x)) expect.fail(`${name} ${c} ${y} ${x} differs`);
          }
        }
        expect(blocks).toBe(plan.blocks.length);
      }
    },
  );

  it('need each window once, and leave no file behind', async () => {
    const source = createMemorySource(createNoise(80, 80));
    const plan = planBlocks(80, 80, { blockPx: 30, marginPx: 14 });
    const told: number[] = [];
    computed = 0;
    const options = { batchSize: 1, scratchFolder: folder, onWindows: (done: number) => told.push(done) };
    for await (const { block } of predictBlocks(runner, source, plan, options)) void block;
    expect(plan.blocks).toHaveLength(9);
    expect(computed).toBe(49);
    expect(told).toEqual(Array.from({ length: 50 }, (_, done) => done));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('end between windows when interrupted', async () => {
    const controller = new AbortController();
    const source = createMemorySource(createNoise(80, 80));
    const plan = planBlocks(80, 80, { blockPx: 30, marginPx: 4 });
    const onWindows = (done: number) => done === 5 && controller.abort();
    const options = { batchSize: 1, scratchFolder: folder, signal: controller.signal, onWindows };
    computed = 0;
    await expect(predictBlocks(runner, source, plan, options).next()).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(computed).toBe(5);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a plan of blocks', () => {
  it('divides the image into cores of about equal size, each with its margin', () => {
    const { blocks, ownerOf } = planBlocks(10, 25, { blockPx: 10, marginPx: 2 });
    expect(blocks.map(({ core }) => core)).toEqual([
      [0, 0, 8, 10],
      [8, 0, 17, 10],
      [17, 0, 25, 10],
    ]);
    expect(blocks.map(({ seen }) => seen)).toEqual([
      [0, 0, 10, 10],
      [6, 0, 19, 10],
      [15, 0, 25, 10],
    ]);
    expect([0, 7.9, 8, 16.99, 17, 24].map((x) => ownerOf([x, 9.5]))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('leaves an image whole that fits, and where no size is given', () => {
    expect(planBlocks(10, 10, { blockPx: 10, marginPx: 3 }).blocks).toEqual([
      { index: 0, core: [0, 0, 10, 10], seen: [0, 0, 10, 10] },
    ]);
    expect(planBlocks(999, 10, { blockPx: null, marginPx: 3 }).blocks).toHaveLength(1);
    expect(() => planBlocks(0, 10, { blockPx: 10, marginPx: 3 })).toThrow('got 10×0');
  });
});
