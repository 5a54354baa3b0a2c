import { createRandom, FileError, WeightsError } from '@hovernet/core';
import { encodeTorchFile, type TorchValue } from '@hovernet/files';
import { encodeCheckpoint, initializeWeights, resolveConfig, type StateDict } from '@hovernet/model';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPretrainedEncoder } from '../src/start-weights.js';
import { TrainOptionError, type EncoderStart } from '../src/train-options.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-pretrained-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 3 });
const initial = initializeWeights(config, createRandom(1));
const trained = initializeWeights(config, createRandom(2));
const stem = 'conv0.conv.weight';
const head = 'nucleus_prediction.output_features.decoderblock4.conv.weight';

function write(name: string, content: TorchValue): string {
  const path = join(folder, name);
  writeFileSync(path, encodeTorchFile(content));
  return path;
}

function load(path: string, options: Omit<EncoderStart, 'source'> = {}) {
  return loadPretrainedEncoder({ ...options, source: path }, config, initial);
}

describe('loadPretrainedEncoder', () => {
  it('takes the encoder of a whole network, and says how much and that the rest is not used', async () => {
    const path = write('whole.pt', trained);
    const { state, origin } = await load(path);
    expect(state.get(stem)).toEqual(trained.get(stem));
    expect(state.get(head)).toEqual(initial.get(head));
    const encoder = [...trained.keys()].filter((name) => /^(conv0|res_blocks)\./.test(name));
    expect(origin).toBe(
      `${encoder.length} of ${trained.size} tensors of ${path} (weights with MONAI's names), the rest random; ` +
        `its decoders are not used`,
    );
  });

  it('takes a standard ResNet, and says what of it has no place', async () => {
    const resnet = createResnet(config.units, 3);
    const path = write('resnet.pth', resnet);
    const { state, origin } = await load(path);
    expect(state.get('res_blocks.d2.layers.denselayer_1.layers.preact/bn.bias')).toEqual(
      resnet.get('layer3.0.bn3.bias'),
    );
    expect(origin).toMatch(/resnet\.pth \(a ResNet with torchvision's names\), the rest random; unused tensors: 17$/);
  });

  it('refuses it where a standard ResNet is not to be adapted', async () => {
    const loading = load(write('standard.pth', createResnet(config.units, 3)), { adaptStandardResnet: false });
    await expect(loading).rejects.toThrow(TrainOptionError);
    await expect(loading).rejects.toThrow(
      /start\.adaptStandardResnet: expected true for .*standard\.pth, a ResNet with/,
    );
  });

  it("takes the original's pre-activation encoder either way, and warns that its graph is another", async () => {
    const path = join(folder, 'preact.tar');
    const encoder = new Map([...trained].filter(([name]) => /^(conv0|res_blocks)\./.test(name)));
    writeFileSync(path, encodeCheckpoint(encoder, { format: 'original' }));
    for (const adaptStandardResnet of [true, false]) {
      const { state, origin } = await load(path, { adaptStandardResnet });
      expect(state.get(stem)).toEqual(trained.get(stem));
      expect(origin).toMatch(
        /; warning: these weights run in the graph of monai but were trained in that of hover_net$/,
      );
    }
  });

  it('takes the dictionary that stateDictKey names', async () => {
    const path = write('keyed.pt', new Map([['teacher', trained]]));
    await expect(load(path)).rejects.toThrow(/keyed\.pt: expected tensors, .*got the keys teacher$/);
    const { state } = await load(path, { stateDictKey: 'teacher' });
    expect(state.get(stem)).toEqual(trained.get(stem));
  });

  it('refuses the ResNet-18 to which documentation may point, for what it is', async () => {
    const path = write('resnet18.pth', createResnet([2, 2, 2, 2], 2));
    await expect(load(path)).rejects.toThrow(WeightsError);
    await expect(load(path)).rejects.toThrow(/resnet18\.pth: this is a ResNet-18 .*needs a ResNet-50$/);
  });

  it('names a file that is missing', async () => {
    await expect(load(join(folder, 'no.pth'))).rejects.toThrow(FileError);
  });
});

/** A ResNet as wide as the encoder of the network, by torchvision's names, without batch counters. */
function createResnet(units: readonly number[], convolutions: 2 | 3): StateDict {
  const { stemChannels, stageChannels } = config;
  const random = createRandom(4);
  const tensors = new Map<string, { dtype: 'float32'; shape: readonly number[]; data: Float32Array }>();
  const add = (name: string, shape: readonly number[]) => {
    const size = shape.reduce((product, side) => product * side, 1);
    tensors.set(name, { dtype: 'float32', shape, data: Float32Array.from({ length: size }, () => random.uniform()) });
  };
  const addNorm = (name: string, channels: number) => {
    for (const vector of ['weight', 'bias', 'running_mean', 'running_var']) add(`${name}.${vector}`, [channels]);
  };
  add('conv1.weight', [stemChannels, 3, 7, 7]);
  addNorm('bn1', stemChannels);
  let input = stemChannels;
  for (const [layer, count] of units.entries()) {
    const inner = stageChannels[layer]!;
    for (let unit = 0; unit < count; unit++) {
      const name = `layer${layer + 1}.${unit}`;
      const filters = [[inner, input, 1, 1], [inner, inner, 3, 3], [4 * inner, inner, 1, 1]]; // prettier-ignore
      for (const [index, shape] of filters.slice(0, convolutions).entries()) {
        add(`${name}.conv${index + 1}.weight`, shape);
        addNorm(`${name}.bn${index + 1}`, shape[0]!);
      }
      if (unit === 0) {
        add(`${name}.downsample.0.weight`, [4 * inner, input, 1, 1]);
        addNorm(`${name}.downsample.1`, 4 * inner);
      }
      input = 4 * inner;
    }
  }
  add('fc.weight', [2, input]);
  return tensors;
}
