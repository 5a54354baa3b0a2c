import { ArgumentError, createRandom, ShapeError } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { hoverNetForward, resolveConfig, type HoverNetConfig } from '../src/index.js';
import { drawDropoutScales } from '../src/internal.js';
import {
  createNoiseImage,
  createNoiseState,
  createTensors,
  createWaveImage,
  smallConfig,
} from './support/noise-state.js';
import { runPlainNetwork } from './support/plain-network.js';
import { toChannelFirst, toPlanes } from './support/planes.js';

/** float32 against float64 over about thirty layers of values around 1. */
const tolerance = 2e-5;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function prepare(config: HoverNetConfig) {
  const state = createNoiseState(config);
  const tensors = createTensors(config, state);
  return { state, weights: (name: string) => tensors.get(name)! };
}

describe('hoverNetForward', () => {
  const variants: [string, Partial<HoverNetConfig>, number, number][] = [
    ['fast as MONAI', {}, 40, 48],
    ['fast as the original', { reference: 'hover_net' }, 40, 48],
    ['original kernels as MONAI', { mode: 'original' }, 78, 86],
    ['original kernels as the original', { mode: 'original', reference: 'hover_net' }, 78, 78],
    ['padded as MONAI', { decoderPadding: true }, 16, 24],
    ['padded as the original', { decoderPadding: true, reference: 'hover_net' }, 24, 16],
    ['at half resolution', { decoderPadding: true, reference: 'hover_net', stemStride: 2 }, 32, 48],
    ['at half resolution as MONAI', { stemStride: 2 }, 80, 96],
    ['without a type branch', { outClasses: 0 }, 40, 40],
  ];

  it.each(variants)('computes every stage as the plain network: %s', (_, variant, height, width) => {
    const config = { ...smallConfig, ...variant };
    const { state, weights } = prepare(config);
    const image = createWaveImage(height, width);
    const expected = runPlainNetwork(config, state, toPlanes(image)).stages;
    const seen: string[] = [];
    const output = hoverNetForward(config, weights, image, {
      observe: (stage, value) => {
        seen.push(stage);
        expect(value.shape.slice(1, 3), stage).toEqual([expected.get(stage)!.height, expected.get(stage)!.width]);
        expect(maxDifference(toChannelFirst(value), expected.get(stage)!.data).value, stage).toBeLessThan(tolerance);
      },
    });
    expect(seen).toEqual([...expected.keys()]);
    const np = expected.get('nucleus_prediction.decoderblock4')!.data;
    const hv = expected.get('horizontal_vertical.decoderblock4')!.data;
    expect(maxDifference(toChannelFirst(output.np), np).value).toBeLessThan(tolerance);
    expect(maxDifference(toChannelFirst(output.hv), hv).value).toBeLessThan(tolerance);
    expect(output.nc?.shape[3]).toBe(config.outClasses || undefined);
    expect(output.batchStatistics).toEqual([]);
  });

  it.each(variants)('normalises by the batch while training: %s', (_, variant, height, width) => {
    const config = { ...smallConfig, ...variant };
    const { state, weights } = prepare(config);
    const image = createNoiseImage(height, width);
    const expected = runPlainNetwork(config, state, toPlanes(image), { training: true });
    const output = hoverNetForward(config, weights, image, { training: true });
    const np = expected.stages.get('nucleus_prediction.decoderblock4')!.data;
    expect(maxDifference(toChannelFirst(output.np), np).value).toBeLessThan(10 * tolerance);
    expect(output.batchStatistics.map(({ name }) => name).sort()).toEqual([...expected.statistics.keys()].sort());
    for (const { name, mean, variance, count } of output.batchStatistics) {
      const statistics = expected.statistics.get(name)!;
      expect(count, name).toBe(statistics.count);
      expect(maxDifference(mean.dataSync(), statistics.mean).value, name).toBeLessThan(tolerance);
      const scale = Math.max(1, ...statistics.variance);
      expect(maxDifference(variance.dataSync(), statistics.variance).value, name).toBeLessThan(tolerance * scale);
    }
  });

  it('gives the same for an image alone and in a batch', () => {
    const { weights } = prepare(smallConfig);
    const [first, second] = [createWaveImage(40, 40), createWaveImage(40, 40, 2)];
    const batch = hoverNetForward(smallConfig, weights, tf.concat([first, second], 0));
    const alone = hoverNetForward(smallConfig, weights, second);
    expect(batch.nc!.shape).toEqual([2, 8, 8, 3]);
    const fromBatch = tf.slice(batch.nc!, [1, 0, 0, 0]);
    expect(maxDifference(fromBatch.dataSync(), alone.nc!.dataSync()).value).toBeLessThan(1e-6);
  });

  it('counts every pixel of the batch in the statistics', () => {
    const { weights } = prepare(smallConfig);
    const image = tf.concat([createWaveImage(40, 48), createWaveImage(40, 48, 1)], 0);
    const { batchStatistics } = hoverNetForward(smallConfig, weights, image, { training: true });
    expect(batchStatistics[0]).toMatchObject({ name: 'conv0.bn', count: 2 * 40 * 48 });
  });

  it('leaves no tensors behind but its outputs', () => {
    const { weights } = prepare(smallConfig);
    const image = createWaveImage(40, 40);
    const before = tf.memory().numTensors;
    const output = tf.tidy(() => {
      const { np, hv, nc } = hoverNetForward(smallConfig, weights, image);
      return [np, hv, nc!];
    });
    expect(tf.memory().numTensors - before).toBe(output.length);
  });

  it('asks for no running statistics while training and for no counters at all', () => {
    const { weights } = prepare(smallConfig);
    const asked = new Set<string>();
    const listen = (name: string) => {
      asked.add(name);
      return weights(name);
    };
    hoverNetForward(smallConfig, listen, createWaveImage(40, 40), { training: true });
    expect([...asked].filter((name) => /running|batches/.test(name))).toEqual([]);
    hoverNetForward(smallConfig, listen, createWaveImage(40, 40));
    expect([...asked].filter((name) => name.includes('batches'))).toEqual([]);
  });

  it('refuses images that do not fit', () => {
    const { weights } = prepare(smallConfig);
    expect(() => hoverNetForward(smallConfig, weights, createWaveImage(40, 41))).toThrow(/41 px.*40 and 48 px/);
    expect(() => hoverNetForward(smallConfig, weights, tf.zeros([1, 40, 40, 4]))).toThrow(ShapeError);
  });

  it('scales channels of every encoder unit by the dropout that it is given while training', () => {
    const config = resolveConfig({ ...smallConfig, dropout: 0.5 });
    const { state, weights } = prepare(config);
    const image = createWaveImage(40, 40);
    const dropout = drawDropoutScales(config, [createRandom(5)]);
    const expected = runPlainNetwork(config, state, toPlanes(image), { training: true, dropout });
    const scales = (layer: string) => tf.tensor2d(dropout.get(layer)!, [1, dropout.get(layer)!.length]);
    const { np } = hoverNetForward(config, weights, image, { training: true, dropout: scales });
    const planes = expected.stages.get('nucleus_prediction.decoderblock4')!.data;
    expect(maxDifference(toChannelFirst(np), planes).value).toBeLessThan(10 * tolerance);
  });

  it('refuses to train with dropout without its scales, which evaluation does not need', () => {
    const config = resolveConfig({ ...smallConfig, dropout: 0.5 });
    const { weights } = prepare(config);
    const image = createWaveImage(40, 40);
    const train = () => hoverNetForward(config, weights, image, { training: true });
    expect(train).toThrow(ArgumentError);
    expect(train).toThrow(/scales for res_blocks\.d0\.layers\.denselayer_0\.layers\.dropout .*drawDropoutScales/);
    expect(hoverNetForward(config, weights, image).np.shape).toEqual([1, 8, 8, 2]);
  });
});
