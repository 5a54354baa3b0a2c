import { createRandom, FileError, WeightsError } from '@hovernet/core';
import { encodeSafetensors, initializeWeights, resolveConfig, type StateDict, type WeightArray } from '@hovernet/model';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPretrainedEncoder } from '../../src/training/load-pretrained-encoder.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-pretrained-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 3 });
const initial = initializeWeights(config, createRandom(1));
const trained = initializeWeights(config, createRandom(2));
const stem = 'conv0.conv.weight';
const head = 'nucleus_prediction.output_features.decoderblock4.conv.weight';

function write(name: string, state: StateDict): string {
  const path = join(folder, name);
  writeFileSync(path, encodeSafetensors(state));
  return path;
}

/** A ResNet with one unit of two convolutions in each layer, by torchvision's names. */
function createBasicResnet(): StateDict {
  const filter: WeightArray = { dtype: 'float32', shape: [1, 1, 1, 1], data: new Float32Array(1) };
  const units = [1, 2, 3, 4].flatMap((layer) => [0, 1].map((unit) => `layer${layer}.${unit}`));
  return new Map(units.flatMap((unit) => [1, 2].map((conv) => [`${unit}.conv${conv}.weight`, filter])));
}

function load(path: string, options: { adaptStandardResnet?: boolean; pretrainedStateDictKey?: string | null } = {}) {
  const network = { adaptStandardResnet: true, pretrainedStateDictKey: null, ...options, source: path };
  return loadPretrainedEncoder(network, config, initial);
}

describe('loadPretrainedEncoder', () => {
  it('takes the encoder of a whole network, and says how much and that the rest is not used', async () => {
    const path = write('whole.safetensors', trained);
    const { state, origin } = await load(path);
    expect(state.get(stem)).toEqual(trained.get(stem));
    expect(state.get(head)).toEqual(initial.get(head));
    const encoder = [...trained.keys()].filter((name) => /^(conv0|res_blocks)\./.test(name));
    expect(origin).toBe(
      `${encoder.length} of ${trained.size} tensors of ${path} (weights with MONAI's names), the rest random; ` +
        `its decoders are not used`,
    );
  });

  it('refuses the ResNet-18 to which documentation may point, for what it is', async () => {
    const path = write('resnet18.safetensors', createBasicResnet());
    await expect(load(path)).rejects.toThrow(WeightsError);
    await expect(load(path)).rejects.toThrow(/resnet18\.safetensors: this is a ResNet-18 .*needs a ResNet-50$/);
  });

  it('names a file that is missing', async () => {
    await expect(load(join(folder, 'no.pth'))).rejects.toThrow(FileError);
  });
});
