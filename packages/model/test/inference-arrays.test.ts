import { createRandom } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { initializeWeights, resolveConfig, toConstants, toImageInput, toRawMaps } from '../src/index.js';
import { tensorSpecs } from '../src/internal.js';

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

describe('toRawMaps', () => {
  const planes = (channels: number) => {
    const shape = [2, channels, 1, 2];
    return { data: Float32Array.from({ length: 4 * channels }, (_, i) => i), shape };
  };

  it('gives the maps of one image of a batch, over the same elements', () => {
    const outputs = { np: planes(2), hv: planes(2), nc: planes(5) };
    const { np, hv, nc } = toRawMaps(outputs, 1);
    expect([np.shape, hv.shape, nc!.shape]).toEqual([
      [2, 1, 2],
      [2, 1, 2],
      [5, 1, 2],
    ]);
    expect([...nc!.data]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(np.data.buffer).toBe(outputs.np.data.buffer);
    expect([...toRawMaps(outputs).np.data]).toEqual([0, 1, 2, 3]);
  });

  it('leaves out the types of a network without them', () => {
    expect(toRawMaps({ np: planes(2), hv: planes(2) }).nc).toBeUndefined();
  });

  it('refuses what is no batch of maps', () => {
    const hv = planes(2);
    expect(() => toRawMaps({ hv })).toThrow('toRawMaps: expected outputs np and hv, got hv');
    expect(() => toRawMaps({ np: planes(2), hv }, 2)).toThrow(
      'toRawMaps: np: expected float32 [batch, channels, height, width] with an image 2, got Float32Array [2, 2, 1, 2]',
    );
    expect(() => toRawMaps({ np: { data: Int32Array.of(1, 2), shape: [1, 2] }, hv })).toThrow('got Int32Array [1, 2]');
  });
});
