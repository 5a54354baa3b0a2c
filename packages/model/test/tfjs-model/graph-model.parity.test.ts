import '@tensorflow/tfjs-backend-wasm';
import { hasReference, maxDifference, readReferenceNpy } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/index.js';
import { encodeTfjsModel } from '../../src/internal.js';
import { createNoiseState, createWaveImage } from '../support/noise-state.js';
import { toChannelFirst } from '../support/planes.js';

const branches = { np: 'nucleus_prediction', hv: 'horizontal_vertical', nc: 'type_prediction' };

/** A window takes WebAssembly 20 to 30 s; HOVERNET_FULL_MODELS=1 runs all. */
const runs = hasReference('golden/network') && process.env['HOVERNET_FULL_MODELS'] === '1';

describe.skipIf(!runs)('the full-size graph model on WebAssembly equals the reference', { timeout: 600_000 }, () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
  });

  it.each([
    ['fast', 'monai', 256],
    ['fast', 'hover_net', 256],
    ['original', 'monai', 270],
    ['original', 'hover_net', 270],
  ] as const)('mode %s, graph of %s', async (mode, reference, windowPx) => {
    const config = resolveConfig({ mode, reference, outClasses: 5 });
    const model = await tf.loadGraphModel(tf.io.fromMemory(encodeTfjsModel(config, createNoiseState(config))));
    const outputs = model.predict(createWaveImage(windowPx, windowPx)) as tf.NamedTensorMap;
    for (const [name, branch] of Object.entries(branches)) {
      const variant = reference === 'monai' ? 'monai' : 'originalgraph';
      const expected = readReferenceNpy(`golden/network/${mode}_${variant}_${branch}.npy`);
      const actual = outputs[name] as tf.Tensor4D;
      expect([actual.shape[3], ...actual.shape.slice(1, 3)]).toEqual(expected.shape);
      // float32 against float32, sums in another order over some 60 layers of values around 1.
      expect(maxDifference(toChannelFirst(actual), expected.data as Float32Array).value, name).toBeLessThan(1e-5);
    }
    model.dispose();
  });
});
