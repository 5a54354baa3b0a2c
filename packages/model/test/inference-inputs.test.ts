import { createRandom } from '@hovernet/core';
import { expect, it } from 'vitest';
import { initializeWeights, resolveConfig, tensorSpecs, toConstants, toImageInput } from '../src/index.js';

it('gives every weight that an inference program takes, and nothing else', () => {
  const config = resolveConfig({ preset: 'tiny' });
  const constants = toConstants(initializeWeights(config, createRandom(1)));
  expect([...constants.keys()].sort()).toEqual(
    tensorSpecs(config)
      .map(({ name }) => name)
      .sort(),
  );
});

it.each([
  ['RGB', [0, 51, 102, 153, 204, 255]],
  ['RGBA', [0, 51, 102, 7, 153, 204, 255, 9]],
])('turns %s pixels into planes from 0 to 1', (_, data) => {
  const planes = toImageInput({ width: 1, height: 2, data: Uint8Array.from(data) });
  expect([...planes]).toEqual([0, 0.6, 0.2, 0.8, 0.4, 1].map(Math.fround));
});

it('refuses pixels of another number of values', () => {
  const grey = { width: 2, height: 2, data: new Uint8Array(4) };
  expect(() => toImageInput(grey)).toThrow(
    'toImageInput: data: expected 3 or 4 values for each of 2 × 2 pixels, got 4',
  );
});
