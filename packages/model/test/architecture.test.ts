// The entry that describes networks, for programs that run them without TensorFlow.js.
import { listLoads } from '@hovernet/testing';
import { expect, it } from 'vitest';
import * as architecture from '../src/architecture.js';

it('exports exactly these names', () => {
  expect(Object.keys(architecture).sort()).toMatchInlineSnapshot(`
    [
      "outputSize",
      "parseConfig",
      "presets",
      "resolveConfig",
      "toImageInput",
      "toRawMaps",
    ]
  `);
});

it('loads no TensorFlow.js', async () => {
  const loads = await listLoads('model', '@hovernet/model/architecture');
  expect(loads.length).toBeGreaterThan(3);
  expect(loads.filter((url) => url.includes('tensorflow'))).toEqual([]);
});
