import { createRandom, WeightsError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { toOriginalTensors } from '../../src/conversion/original-tensors.js';
import { encodeSafetensors } from '@hovernet/files';
import {
  initializeWeights,
  resolveConfig,
  type HoverNetConfig,
  type StateDict,
  type WeightArray,
} from '../../src/index.js';
import { loadEncoder, loadNetwork, identifyWeights } from '../../src/internal.js';
import { createNoiseState, smallConfig } from '../support/noise-state.js';
import { listResnetShapes, type ResnetShape } from '../support/shape-tensors.js';

const noise = createNoiseState(smallConfig);
const initial = initializeWeights(smallConfig, createRandom(1));
const encoderName = /^(conv0|res_blocks)\./;
const { units, stageChannels: channels, stemChannels: stem } = smallConfig;

function read(state: StateDict, source = 'weights.safetensors') {
  return identifyWeights(encodeSafetensors(state), source);
}

function keep(state: StateDict, pattern: RegExp): StateDict {
  return new Map([...state].filter(([name]) => pattern.test(name)));
}

/** A ResNet whose tensor number n is filled with n. */
function createResnet(shape: ResnetShape): StateDict {
  return new Map(
    listResnetShapes(shape).map(([name, size], index): [string, WeightArray] => {
      if (size.length === 0) return [name, { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(index)) }];
      const data = new Float32Array(size.reduce((product, side) => product * side, 1)).fill(index);
      return [name, { dtype: 'float32', shape: size, data }];
    }),
  );
}

describe('loadNetwork', () => {
  it('takes the network that the file tells', () => {
    const { config, state, coverage } = loadNetwork(read(noise));
    expect(config).toEqual(smallConfig);
    expect([...state]).toEqual([...noise]);
    expect(coverage).toMatchObject({ loaded: noise.size, total: noise.size });
  });

  it("fills another network, where its tensors are the file's", () => {
    const config: HoverNetConfig = { ...smallConfig, reference: 'hover_net', decoderPadding: true };
    expect(loadNetwork(read(noise), { config }).config).toBe(config);
  });

  it('is strict, and names the file', () => {
    const config = resolveConfig({ ...smallConfig, outClasses: 0 });
    const load = () => loadNetwork(read(noise), { config });
    expect(load).toThrow(WeightsError);
    expect(load).toThrow(
      /^weights\.safetensors: its weights do not fit .*the file fits \d+ of \d+ tensors; \d+ unexpected: type_pred/,
    );
  });

  it.each([NaN, Infinity, -Infinity])('refuses weights that hold %d, and names the tensor', (value) => {
    const spoil = (name: string): StateDict => {
      const { shape, data } = noise.get(name)!;
      return new Map(noise).set(name, {
        dtype: 'float32',
        shape,
        data: Float32Array.from(data as Float32Array).fill(value, -1),
      });
    };
    const [bias, filter] = ['type_prediction.output_features.decoderblock4.conv.bias', 'conv0.conv.weight'];
    const problem = 'weights.safetensors: expected finite weights, got NaN or an infinity in';
    expect(() => loadNetwork(read(spoil(bias)))).toThrow(`${problem} ${bias}`);
    expect(() => loadEncoder(read(spoil(filter)), smallConfig, initial)).toThrow(`${problem} ${filter}`);
  });

  it('tells an encoder from a network', () => {
    const original = toOriginalTensors(keep(noise, encoderName));
    expect(() => loadNetwork(read(original, 'preact.tar'))).toThrow(
      /^preact\.tar: expected a whole HoVer-Net, got an encoder \(a pre-activation ResNet .*\); train a network from it$/,
    );
    const resnet = createResnet({ units, channels, stem });
    expect(() => loadNetwork(read(resnet, 'r.pth'))).toThrow(/r\.pth: .* got an encoder \(a ResNet with torchvision/);
    expect(() => loadNetwork(read(keep(noise, encoderName)))).toThrow(/got an encoder \(stem and residual stages/);
  });
});

describe('loadEncoder', () => {
  it('takes stem and stages of a whole network and leaves the rest', () => {
    const { state, coverage } = loadEncoder(read(noise), smallConfig, initial);
    for (const [name, tensor] of state) {
      expect(tensor).toEqual((encoderName.test(name) ? noise : initial).get(name));
    }
    expect(coverage.loaded).toBe(keep(noise, encoderName).size);
  });

  it("takes the original's pre-activation encoder", () => {
    const checkpoint = read(toOriginalTensors(keep(noise, encoderName)));
    expect(checkpoint).toMatchObject({ origin: 'preact-resnet50', part: 'encoder', config: null });
    const { state } = loadEncoder(checkpoint, smallConfig, initial);
    expect([...keep(state, encoderName)]).toEqual([...keep(noise, encoderName)]);
  });

  it('takes a ResNet, each tensor where it belongs', () => {
    const resnet = createResnet({ units, channels, stem });
    const { state } = loadEncoder(read(resnet), smallConfig, initial);
    const name = 'res_blocks.d0.layers.denselayer_1.layers.preact/bn.bias';
    expect(state.get(name)).toEqual(resnet.get('layer1.0.bn3.bias'));
    expect(state.get('res_blocks.d3.shortcut.weight')).toEqual(resnet.get('layer4.0.downsample.0.weight'));
  });

  it('does without batch counters', () => {
    const resnet = createResnet({ units, channels, stem });
    const old = new Map([...resnet].filter(([name]) => !name.endsWith('num_batches_tracked')));
    const { state } = loadEncoder(read(old), smallConfig, initial);
    expect(state.get('conv0.bn.num_batches_tracked')!.data[0]).toBe(0n);
  });

  it('refuses a ResNet with other numbers of units by its name', () => {
    const thin = { channels: [1, 1, 1, 1], stem: 1 };
    const deep = read(createResnet({ ...thin, units: [3, 4, 23, 3] }), 'resnet101.pth');
    const config = resolveConfig({ stemChannels: 1, stageChannels: [1, 1, 1, 1] });
    expect(() => loadEncoder(deep, config, new Map())).toThrow(
      /^resnet101\.pth: this is a ResNet-101; the network's encoder needs 3, 4, 6, 3 units, a ResNet-50$/,
    );
  });

  it('refuses other widths and what is incomplete, with an example', () => {
    const wide = read(createResnet({ units, channels: [2, 3, 4, 4], stem }), 'wide.pth');
    expect(() => loadEncoder(wide, smallConfig, initial)).toThrow(
      /^wide\.pth: expected all \d+ tensors of the encoder, got \d+ that fit, lacking res_blocks\.d3\..*expected float32 \[3, .*got float32 \[4, /,
    );
    const less = keep(noise, /^(conv0\.conv|res_blocks)\./);
    expect(() => loadEncoder(read(less), smallConfig, initial)).toThrow(/lacking conv0\.bn\.weight, conv0\.bn\.bias/);
  });
});
