import { createTypeMap } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { balanceTypes } from '../src/balance-types.js';

/** A patch of 4×4 pixels of which the centre, 2×2, has the given types. */
function patchOf(...centre: [number, number, number, number]) {
  const typeMap = createTypeMap(4, 4);
  centre.forEach((type, at) => typeMap.set(1 + (at >> 1), 1 + (at % 2), type));
  return { typeMap };
}

async function weigh(patches: ReturnType<typeof patchOf>[], typeShare: number) {
  const source = { length: patches.length, load: (index: number) => Promise.resolve(patches[index]!) };
  return [...(await balanceTypes(source, { typeShare }, { classes: 4, sidePx: 2 }))];
}

describe('weights of patches', () => {
  it('give every type that occurs the same share, by pixels, beside an even rest', async () => {
    const weights = await weigh([patchOf(1, 1, 1, 0), patchOf(1, 0, 0, 3), patchOf(0, 0, 0, 0)], 0.5);
    const even = 0.5 / 3;
    expect(weights[0]).toBeCloseTo(even + 0.25 * (3 / 4), 12);
    expect(weights[1]).toBeCloseTo(even + 0.25 * (1 / 4) + 0.25, 12);
    expect(weights[2]).toBeCloseTo(even, 12);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('look at the centre alone, which the network is asked about', async () => {
    const marginal = patchOf(0, 0, 0, 0);
    marginal.typeMap.set(0, 0, 2);
    const weights = await weigh([marginal, patchOf(2, 0, 0, 0)], 1);
    expect(weights).toEqual([0, 1]);
  });

  it('are even where there is no nucleus at all', async () => {
    expect(await weigh([patchOf(0, 0, 0, 0), patchOf(0, 0, 0, 0)], 0.8)).toEqual([0.5, 0.5]);
  });
});
