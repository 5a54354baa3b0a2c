import { initializeWeights, outputSize, resolveConfig } from '@hovernet/model';
import { createRandom } from '@hovernet/core';
import type { Engine } from '@hovernet/ops';
import type { TrainBatch } from '@hovernet/transforms';
import { beforeEach, describe, expect, it } from 'vitest';
import { createValidator } from '../src/validate.js';

const windowPx = 64;
const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 0 });
const side = outputSize(config, windowPx);
const area = side * side;
const weights = initializeWeights(config, createRandom(1));

const compiled: number[] = [];
let disposed = 0;
beforeEach(() => {
  compiled.length = disposed = 0;
});

/** An engine whose network calls every pixel nucleus whose red is above one half. */
const redEngine: Engine = {
  name: 'red',
  compile: (program) => {
    const batchSize = program.inputs.find(({ name }) => name === 'image')!.shape[0]!;
    compiled.push(batchSize);
    const margin = (windowPx - side) / 2;
    return Promise.resolve({
      inputs: program.inputs,
      outputs: undefined,
      run: (feeds: Readonly<Record<string, Float32Array | Int32Array>>) => {
        expect(Object.keys(feeds)).toHaveLength(program.inputs.length);
        const np = new Float32Array(batchSize * 2 * area);
        for (let index = 0; index < batchSize; index++) {
          for (let at = 0; at < area; at++) {
            const [y, x] = [Math.floor(at / side) + margin, (at % side) + margin];
            np[(2 * index + 1) * area + at] = feeds['image']![(3 * index * windowPx + y) * windowPx + x]! - 0.5;
          }
        }
        return Promise.resolve({ np: { data: np, shape: [batchSize, 2, side, side] } });
      },
      dispose: () => Promise.resolve(void disposed++),
    });
  },
};

/** Patches whose first `truth` output pixels are nuclei and whose first `seen` ones are red. */
function createBatch(patches: readonly { readonly truth: number; readonly seen: number }[]): TrainBatch {
  const count = patches.length;
  const image = new Float32Array(count * 3 * windowPx * windowPx);
  const np = new Float32Array(count * 2 * area);
  const margin = (windowPx - side) / 2;
  patches.forEach(({ truth, seen }, index) => {
    for (let at = 0; at < area; at++) {
      const [y, x] = [Math.floor(at / side) + margin, (at % side) + margin];
      image[(3 * index * windowPx + y) * windowPx + x] = at < seen ? 1 : 0;
      np[(2 * index + (at < truth ? 1 : 0)) * area + at] = 1;
    }
  });
  const output = [count, 2, side, side] as const;
  const shapes = { image: [count, 3, windowPx, windowPx], np: output, hv: output } as const;
  return { image, np, hv: new Float32Array(count * 2 * area), shapes };
}

async function* listBatches(...batches: readonly TrainBatch[]) {
  for (const batch of batches) yield await Promise.resolve({ batch });
}

describe('the validation score', () => {
  it('is the mean Dice over patches, whatever their batches', async () => {
    const patches = [
      { truth: 10, seen: 10 },
      { truth: 10, seen: 30 },
      { truth: 4, seen: 0 },
    ];
    const expected = (1 + (2 * 10) / 40 + 0) / 3;
    const validator = createValidator(redEngine, config);
    const together = await validator.measure(weights, listBatches(createBatch(patches)));
    const [first, ...rest] = patches;
    const apart = await validator.measure(weights, listBatches(createBatch([first!]), createBatch(rest)));
    expect(together).toBeCloseTo(expected, 12);
    expect(apart).toBeCloseTo(expected, 12);
  });

  it('leaves out patches without a nucleus', async () => {
    const batch = createBatch([
      { truth: 0, seen: 7 },
      { truth: 5, seen: 5 },
    ]);
    expect(await createValidator(redEngine, config).measure(weights, listBatches(batch))).toBe(1);
  });

  it('is undefined where no patch shows a nucleus, and without patches', async () => {
    const validator = createValidator(redEngine, config);
    expect(await validator.measure(weights, listBatches(createBatch([{ truth: 0, seen: 0 }])))).toBeNaN();
    expect(await validator.measure(weights, listBatches())).toBeNaN();
  });
});

it('compiles once for every size of batch and frees what it compiled', async () => {
  const validator = createValidator(redEngine, config);
  const patch = { truth: 1, seen: 1 };
  const pair = createBatch([patch, patch]);
  await validator.measure(weights, listBatches(pair, pair, createBatch([patch])));
  await validator.measure(weights, listBatches(pair));
  expect(compiled).toEqual([2, 1]);
  await validator.dispose();
  expect(disposed).toBe(2);
});
