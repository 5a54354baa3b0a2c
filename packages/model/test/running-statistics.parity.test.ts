import { hasReference, maxDifference, readReferenceJson } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/index.js';
import { updateRunningStatistics } from '../src/internal.js';
import { createNoiseState, createTensors, createWaveImage } from './support/noise-state.js';

const trainFile = 'golden/network_train/train.json';

interface TrainReference {
  readonly full_float32: {
    readonly bn_after_one_forward: Record<string, { readonly running_mean: number[]; readonly running_var: number[] }>;
  };
}

describe.skipIf(!hasReference(trainFile))('updateRunningStatistics against MONAI after one training step', () => {
  it("moves the stem's statistics alike", async () => {
    await tf.setBackend('cpu');
    const config = resolveConfig();
    const state = createNoiseState(config);
    const filter = createTensors(config, state).get('conv0.conv.weight') as tf.Tensor4D;
    const stem = tf.conv2d(createWaveImage(256, 256), filter, 1, 'same');
    const { mean, variance } = tf.moments(stem, [0, 1, 2]);
    updateRunningStatistics(state, [
      {
        name: 'conv0.bn',
        mean: mean.dataSync() as Float32Array,
        variance: variance.dataSync() as Float32Array,
        count: 256 * 256,
      },
    ]);
    const expected = readReferenceJson<TrainReference>(trainFile).full_float32.bn_after_one_forward['conv0.bn']!;
    const read = (name: string) => state.get(name)!.data as Float32Array;
    expect(maxDifference(read('conv0.bn.running_mean'), expected.running_mean).value).toBeLessThan(1e-6);
    expect(maxDifference(read('conv0.bn.running_var'), expected.running_var).value).toBeLessThan(1e-6);
  });
});
