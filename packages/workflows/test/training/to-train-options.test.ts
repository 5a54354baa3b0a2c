import { ConfigError, createSilentReporter } from '@hovernet/core';
import { loadTaxonomy } from '@hovernet/data';
import { TrainOptionError } from '@hovernet/training';
import { resolveTrainOptions } from '@hovernet/training/internal';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/config/json.js';
import { loadConfiguration } from '../../src/index.js';
import { toConfigError, toTrainOptions } from '../../src/training/to-train-options.js';

async function optionsOf(overrides: readonly (readonly [id: string, value: JsonValue])[] = []) {
  const config = await loadConfiguration({ files: [], overrides });
  return toTrainOptions(config, { processes: 1, reporter: createSilentReporter() });
}

describe('toTrainOptions', () => {
  it('gives the defaults of @hovernet/training for an empty configuration', async () => {
    const taxonomy = await loadTaxonomy('consep');
    const { runKey, engine, ...settings } = { runKey: '', ...resolveTrainOptions(await optionsOf(), taxonomy) };
    const patchesDir = settings.patchesDir;
    const { engine: noEngine, ...defaults } = resolveTrainOptions({ patchesDir }, taxonomy);
    expect(noEngine).toEqual({});
    expect(runKey).toMatch(/^[0-9a-f]{64}$/);
    expect(engine).toMatchObject({ engine: 'onnx', providers: ['auto'], threads: 0, precision: 'float32' });
    const { architecture, lossWeights, augmentation } = settings;
    expect(settings).toEqual({ ...defaults, architecture, lossWeights, augmentation });
    expect(architecture).toMatchObject({ preset: 'base', mode: 'fast', outClasses: 5 });
    expect(new Set(Object.values(lossWeights))).toEqual(new Set([1]));
    expect(augmentation).toEqual({ ...defaults.augmentation, stain: false, elastic: false });
  });

  it.each([
    [[], { from: 'random' }],
    [
      [
        ['stage', 1],
        ['ckpt_path_stage0', 'a'],
      ],
      { from: 'checkpoint', path: 'a' },
    ],
    [[['network_def#start_weights', 'b']], { from: 'network', source: 'b' }],
    [
      [
        ['network_def#pretrained_url', 'c'],
        ['network_def#pretrained_state_dict_key', 'd'],
      ],
      { from: 'encoder', source: 'c', adaptStandardResnet: true, stateDictKey: 'd' },
    ],
  ] as const)('says of %j where the first weights come from', async (overrides, start) => {
    expect((await optionsOf(overrides)).start).toEqual(start);
  });

  it('derives the output size of any network, which counts as the same one given', async () => {
    const keyOf = async (...overrides: [string, JsonValue][]) => {
      const files = [fileURLToPath(new URL('../../configs/train.json', import.meta.url))];
      const config = await loadConfiguration({ files, overrides });
      return toTrainOptions(config, { processes: 1, reporter: createSilentReporter() }).runKey;
    };
    expect(await keyOf()).toBe(await keyOf(['out_size', 164]));
    expect(await keyOf(['network_def#preset', 'tiny'])).toBe(
      await keyOf(['network_def#preset', 'tiny'], ['out_size', 204]),
    );
  });

  it('refuses an output size that the network does not make', async () => {
    await expect(optionsOf([['out_size', 80]])).rejects.toThrow(/out_size: expected 164, .* patch_size 256, got 80/);
  });
});

it('errors of options name the id', () => {
  const error = toConfigError(new TrainOptionError('network.outClasses', 'expected 5, got 3'));
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toHaveProperty('message', 'configuration network_def#out_classes: expected 5, got 3');
});
