import { WeightsError } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StoredTensor } from '@hovernet/files';
import { presets, resolveConfig, type HoverNetConfig } from '../../src/index.js';
import { inferConfig, listTensors } from '../../src/internal.js';
import { networkConfigs } from '../support/network-configs.js';
import { createShapeTensors } from '../support/shape-tensors.js';

function createTensors(config: HoverNetConfig): Map<string, StoredTensor> {
  return createShapeTensors(listTensors(config).map(({ name, shape }) => [name, shape]));
}

const head = 'nucleus_prediction.output_features.decoderblock4.conv.weight';
const dense = 'nucleus_prediction.decoder_blocks.decoderblock1.denselayerdecoder1.layers.conv2.weight';
const conva = 'nucleus_prediction.decoder_blocks.decoderblock1.conva.weight';

describe('inferConfig', () => {
  it('restores the configuration of any network from its shapes', () => {
    fc.assert(
      fc.property(networkConfigs, (config) => {
        expect(inferConfig(createTensors(config), { reference: config.reference })).toEqual(config);
      }),
    );
  });

  it.each(Object.keys(presets) as (keyof typeof presets)[])('restores the preset %s', (preset) => {
    const { reference, decoderPadding } = presets[preset];
    expect({ ...inferConfig(createTensors(presets[preset]), { reference }), decoderPadding }).toEqual(presets[preset]);
  });

  it.each<[string, string, readonly number[] | null, RegExp]>([
    ['lacks its head', head, null, /net\.pt: expected a HoVer-Net, but .*decoderblock4\.conv\.weight is missing/],
    ['has a flat filter', head, [2, 64], /decoderblock4\.conv\.weight has 2 axes; expected four/],
    ['has kernels of 7', conva, [256, 1024, 7, 7], /conva\.weight has a kernel of 7; expected 3 \(fast\) or 5/],
    ['has groups that are no divisor', dense, [32, 33, 3, 3], /net\.pt: its shapes are of no HoVer-Net \(.*groups/],
    ['has a filter without channels', dense, [32, 0, 3, 3], /net\.pt: its shapes are of no HoVer-Net \(.*groups/],
    ['has one class', head.replace('nucleus', 'type'), [1, 64, 1, 1], /outClasses/],
  ])('refuses a network that %s', (_, name, shape, message) => {
    const tensors = createTensors(resolveConfig());
    if (shape) tensors.set(name, { dtype: 'float32', shape, data: new Float32Array(0) });
    else tensors.delete(name);
    const infer = () => inferConfig(tensors, { source: 'net.pt' });
    expect(infer).toThrow(WeightsError);
    expect(infer).toThrow(message);
  });
});
