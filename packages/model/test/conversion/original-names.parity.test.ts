import { hasReference, readReferenceJson } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { originalConstant, originalNames } from '../../src/conversion/original-names.js';
import { toOriginalTensors } from '../../src/conversion/original-tensors.js';
import { resolveConfig, type StateDict } from '../../src/index.js';
import { listTensors } from '../../src/internal.js';
import { createShapeTensors, type NamedShape } from '../support/shape-tensors.js';

const keysFile = 'golden/network/state_dict_keys.json';

describe.skipIf(!hasReference(keysFile))("the original's names against its own state dicts", () => {
  const read = () =>
    readReferenceJson<Record<string, NamedShape[]> & { monai_to_original_names: Record<string, string> }>(keysFile);

  it('are those that the reference pairs with the 797 of MONAI, in both directions', () => {
    const pairs = Object.entries(read().monai_to_original_names);
    expect(pairs).toHaveLength(797);
    for (const [ours, theirs] of pairs) {
      expect(originalNames.toTheirs(ours)).toBe(theirs);
      expect(originalNames.toOurs(theirs)).toBe(ours);
    }
  });

  it.each([
    ['original_fast_5', 'fast'],
    ['original_original_5', 'original'],
  ] as const)('come in its order with its shapes and its constant: %s', (key, mode) => {
    const entries = listTensors(resolveConfig({ mode })).map(({ name, shape }): NamedShape => [name, shape]);
    const written = toOriginalTensors(createShapeTensors(entries) as StateDict);
    expect([...written].map(([name, { shape, dtype }]) => [name, shape, dtype])).toEqual(read()[key]);
    expect([...written.keys()].at(-1)).toBe(originalConstant);
  });
});
