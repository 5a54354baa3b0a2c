import { hasReference, readReferenceJson } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/index.js';
import { listTensors } from '../src/internal.js';

const keysFile = 'golden/network/state_dict_keys.json';

describe.skipIf(!hasReference(keysFile))('listTensors against the state dicts of MONAI', () => {
  it.each([
    ['monai_fast_5', { mode: 'fast', outClasses: 5 }],
    ['monai_original_5', { mode: 'original', outClasses: 5 }],
    ['monai_fast_0', { mode: 'fast', outClasses: 0 }],
  ] as const)('has every name, shape and type in order: %s', (key, options) => {
    const expected = readReferenceJson<Record<string, [string, number[], string][]>>(keysFile)[key];
    const actual = listTensors(resolveConfig(options)).map(({ name, shape, dtype }) => [name, shape, dtype]);
    expect(actual).toEqual(expected);
  });
});
