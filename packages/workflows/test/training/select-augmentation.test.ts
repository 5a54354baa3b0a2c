import { ConfigError, createRandom } from '@hovernet/core';
import {
  defaultAugmentOptions,
  drawTrainParameters,
  noAugmentation,
  hoverNetAugmentOptions,
  type AugmentOptions,
} from '@hovernet/transforms';
import { describe, expect, it } from 'vitest';
import { loadConfiguration, packagedFile } from '../../src/index.js';
import type { JsonValue } from '../../src/config/json.js';
import { selectAugmentation } from '../../src/training/select-augmentation.js';

type Overrides = readonly (readonly [id: string, value: JsonValue])[];

/** The options of the packaged training with these ids of `train#augmentation`. */
async function select(overrides: Overrides = [], files = [packagedFile('train')]): Promise<AugmentOptions> {
  const ids = overrides.map(([id, value]) => [`train#augmentation#${id}`, value] as const);
  return selectAugmentation((await loadConfiguration({ files, overrides: ids })).training.augmentation);
}

describe('train#augmentation', () => {
  it("is the bundle's by default, packaged and without a file", async () => {
    expect(await select()).toEqual(defaultAugmentOptions);
    expect(await select([], [])).toEqual(defaultAugmentOptions);
  });

  it('switches groups of steps off', async () => {
    const off = ['affine', 'flip', 'blur_noise', 'color'].map((name) => [name, false] as const);
    for (const rules of ['monai', 'hover_net', 'original']) {
      const options = await select([...off, ['rules', rules]]);
      // Without noise it says nothing whether channels share it.
      expect({ ...options, sharedNoise: 0 }).toEqual(noAugmentation);
    }
    expect(await select([['color', false]])).toEqual({
      ...defaultAugmentOptions,
      brightness: false,
      contrast: false,
      saturation: false,
      hue: false,
    });
  });

  it("takes the original repository's set, or its noise alone", async () => {
    for (const rules of ['hover_net', 'original'])
      expect(await select([['rules', rules]])).toEqual(hoverNetAugmentOptions);
    expect(await select([['noise_deviation', [0, 12.75]]])).toEqual({
      ...defaultAugmentOptions,
      noiseDeviation: [0, 12.75],
    });
    const noNoise = await select([
      ['noise_deviation', [0, 12.75]],
      ['blur_noise', false],
    ]);
    expect(noNoise.noiseDeviation).toBe(false);
  });

  it('adds stains and elastic deformation with a probability', async () => {
    const options = await select([
      ['stain#probability', 1],
      ['elastic#probability', 0.5],
      ['elastic#alpha', [3, 3]],
      ['elastic#interpolation', 'nearest'],
    ]);
    expect(options.stain).toEqual({ probability: 1, scale: [0.95, 1.05], shift: [-0.05, 0.05] });
    expect(options.elastic).toEqual({ probability: 0.5, sigmaPx: [8, 12], alphaPx: [3, 3], interpolation: 'nearest' });
    expect(drawTrainParameters(createRandom(1), options)).toHaveProperty('stain.scale');
  });

  it.each([
    ['rules', 'torch', /#rules: expected monai or hover_net or original, got "torch"/],
    ['noise_deviation', [3, 1], /#noise_deviation: expected the lower number first, got \[3,1\]/],
    ['noise_deviation', [-1, 1], /#noise_deviation#0: expected at least 0, got -1/],
    ['noise_deviation', 3, /#noise_deviation: expected a list/],
    ['stain', true, /#stain: expected a section, got true/],
    ['stain#probability', 1.5, /#stain#probability: expected at most 1, got 1\.5/],
    ['stain#scale', [1], /#stain#scale: expected at least 2 elements, got \[1\]/],
    ['stain#shift', [0.1, -0.1], /#stain#shift: expected the lower number first/],
    ['stain#sigma', 1, /#stain#sigma: there is no such id/],
    ['elastic#sigma', [0.5, 3], /#elastic#sigma#0: expected at least 1, got 0\.5/],
    ['elastic#alpha', ['a', 3], /#elastic#alpha#0: expected a number, got "a"/],
    ['elastic#interpolation', 'cubic', /#elastic#interpolation: expected bilinear or nearest, got "cubic"/],
  ])('refuses %s %j and says what it expects', async (id, value, message) => {
    const selecting = select([[id, value]]);
    await expect(selecting).rejects.toThrow(ConfigError);
    await expect(selecting).rejects.toThrow(message);
  });
});
