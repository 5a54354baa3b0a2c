import { createRandom, WeightsError } from '@hovernet/core';
import { hasReference, readReferenceJson } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { identifyResnet } from '../../src/conversion/identify-resnet.js';
import { translateTensors } from '../../src/conversion/translate-tensors.js';
import { initializeWeights, resolveConfig, type StateDict } from '../../src/index.js';
import { listTensors, loadStateDict } from '../../src/internal.js';
import { smallConfig } from '../support/noise-state.js';
import { createShapeTensors, listResnetShapes, type NamedShape, type ResnetShape } from '../support/shape-tensors.js';

const resnet50 = createShapeTensors(listResnetShapes({ units: [3, 4, 6, 3] }));
const encoderName = /^(conv0|res_blocks)\./;

describe('a ResNet-50 of torchvision', () => {
  it('has 320 entries, of which 298 of the 797 load and 22 are unused', () => {
    expect(resnet50.size).toBe(320);
    const { convention, tensors, unused } = translateTensors(resnet50, 'resnet50.pth');
    expect(convention).toBe('resnet');
    expect(unused).toHaveLength(22);
    const config = resolveConfig();
    const initial = createShapeTensors(listTensors(config).map(({ name, shape }) => [name, shape])) as StateDict;
    const { coverage } = loadStateDict(config, tensors, { strict: false, initial });
    expect(coverage).toMatchObject({ loaded: 298, total: 797, unexpected: [], mismatched: [] });
    expect(coverage.missing.some((name) => encoderName.test(name))).toBe(false);
  });

  it('leaves its classifier and the last batch-norm of each layer unused', () => {
    const { unused } = translateTensors(resnet50, 'resnet50.pth');
    const groups = [...new Set(unused.map((name) => name.split('.').slice(0, -1).join('.')))];
    expect(groups).toEqual(['layer1.2.bn3', 'layer2.3.bn3', 'layer3.5.bn3', 'layer4.2.bn3', 'fc']);
  });

  it('gives the last batch-norm of a unit to the next one, and that of the downsampling to the end of the stage', () => {
    const { tensors } = translateTensors(resnet50, 'resnet50.pth');
    const pairs = {
      'res_blocks.d1.layers.denselayer_1.layers.preact/bn.weight': 'layer2.0.bn3.weight',
      'res_blocks.d1.layers.denselayer_0.layers.conv2/bn.running_var': 'layer2.0.bn2.running_var',
      'res_blocks.d3.shortcut.weight': 'layer4.0.downsample.0.weight',
      'res_blocks.d3.bna_block.bn.bias': 'layer4.0.downsample.1.bias',
      'conv0.conv.weight': 'conv1.weight',
      'conv0.bn.running_mean': 'bn1.running_mean',
    };
    for (const [ours, theirs] of Object.entries(pairs)) expect(tensors.get(ours)).toBe(resnet50.get(theirs));
  });

  it('loads as well without batch counters, as old files are', () => {
    const old = new Map([...resnet50].filter(([name]) => !name.endsWith('num_batches_tracked')));
    const { tensors, unused } = translateTensors(old, 'resnet50.pth');
    expect([old.size, tensors.size, unused.length]).toEqual([267, 249, 18]);
  });

  it.skipIf(!hasReference('golden/network/state_dict_keys.json'))('is listed here as by torchvision', () => {
    const keys = readReferenceJson<Record<string, NamedShape[]>>('golden/network/state_dict_keys.json');
    const listed = [...resnet50].map(([name, { shape, dtype }]) => [name, shape, dtype]);
    expect(listed).toEqual(keys['torchvision_resnet50']);
  });
});

describe('ResNets of other sizes', () => {
  it('fill the encoder of a network with as many units and channels', () => {
    const { units, stageChannels: channels, stemChannels: stem } = smallConfig;
    const shapes = listResnetShapes({ units, channels, stem });
    const { tensors } = translateTensors(createShapeTensors(shapes), 'small.pth');
    const initial = initializeWeights(smallConfig, createRandom(1));
    const { coverage } = loadStateDict(smallConfig, tensors, { strict: false, initial });
    expect(coverage).toMatchObject({ unexpected: [], mismatched: [] });
    expect(coverage.missing.filter((name) => encoderName.test(name))).toEqual([]);
  });

  it.each<[string, ResnetShape]>([
    ['ResNet-101', { units: [3, 4, 23, 3] }],
    ['ResNet-152', { units: [3, 8, 36, 3] }],
    ['ResNet with 1, 2, 3, 4 units', { units: [1, 2, 3, 4] }],
  ])('are named: %s', (name, shape) => {
    expect(identifyResnet(createShapeTensors(listResnetShapes(shape)))).toMatchObject({ name, obstacle: null });
  });

  it.each<[string, RegExp, ResnetShape]>([
    [
      '18',
      /net\.pth: this is a ResNet-18 \(.*two conv.*\); the encoder needs a ResNet-50/,
      { units: [2, 2, 2, 2], bottleneck: false },
    ],
    ['34', /this is a ResNet-34 \(/, { units: [3, 4, 6, 3], bottleneck: false }],
    ['10', /this is a ResNet with 1, 1, 1, 1 basic units/, { units: [1, 1, 1, 1], bottleneck: false }],
    ['ResNeXt', /this is a ResNeXt \(.*grouped/, { units: [3, 4, 6, 3], groups: 32 }],
  ])('are refused for what they are: %s', (_, message, shape) => {
    const translate = () => translateTensors(createShapeTensors(listResnetShapes(shape)), 'net.pth');
    expect(translate).toThrow(WeightsError);
    expect(translate).toThrow(message);
  });

  it('are refused for what they are: wide', () => {
    const shapes = listResnetShapes({ units: [3, 4, 6, 3] }).map(([name, shape]): NamedShape => {
      return name === 'layer1.0.conv1.weight' ? [name, [128, 64, 1, 1]] : [name, shape];
    });
    expect(() => translateTensors(createShapeTensors(shapes), 'net.pth')).toThrow(/this is a wide ResNet/);
  });
});

describe('other networks', () => {
  it.each([
    ['features.denseblock1.denselayer1.norm1.weight', 'a DenseNet'],
    ['features.1.0.block.0.0.weight', 'an EfficientNet or a ConvNeXt'],
    ['features.1.conv.0.0.weight', 'a MobileNet'],
    ['features.0.weight', 'a VGG or an AlexNet'],
    ['cls_token', 'a vision transformer'],
    ['Conv2d_1a_3x3.conv.weight', 'an Inception network'],
    ['backbone.body.layer1.0.conv1.weight', 'a detection or segmentation network on a ResNet'],
    ['encoder.layer1.0.conv1.weight', 'a segmentation network on a ResNet'],
    ['model.0.conv.unit0.conv.weight', "a U-Net of MONAI's"],
    ['some.weight', 'an unknown network (some.weight, …)'],
  ])('are named where %s tells them', (name, expected) => {
    const translate = () => translateTensors(createShapeTensors([[name, [1]]]), 'net.pth');
    expect(translate).toThrow(WeightsError);
    expect(translate).toThrow(`net.pth: expected a HoVer-Net, or a ResNet-50 for its encoder, got `);
    expect(translate).toThrow(expected);
  });

  it('are missed where there is nothing', () => {
    expect(() => translateTensors(new Map(), 'net.pth')).toThrow(/0 tensors .*no tensor at all/);
  });
});
