// Dropout through the recorded graph and through TensorFlow.js itself.
import { createRandom } from '@hovernet/core';
import { initializeWeights } from '@hovernet/model';
import { createOnnxEngine } from '@hovernet/onnx/node';
import { openEagerEngine } from '@hovernet/ops/node';
import { describe, expect, it } from 'vitest';
import { createTrainStep } from '../src/train-step.js';
import { createSmallBatch, smallConfig, weightsRandom } from './support/small-step.js';

const config = { ...smallConfig, dropout: 0.3 };
const options = { config, freezeEncoder: false, lossWeights: {} };
const draw = (seed: number) => [createRandom(seed), createRandom(seed + 1)];

describe('a train step with dropout', () => {
  it('gives the same on both engines, and another loss for other random numbers', async () => {
    const weights = initializeWeights(config, weightsRandom());
    const batch = createSmallBatch(0);
    const onnx = createTrainStep(createOnnxEngine({ threads: 1 }), options);
    const eager = createTrainStep(await openEagerEngine({ backend: 'wasm' }), options);
    const first = await onnx.run(weights, batch, { randoms: draw(1) });
    const again = await onnx.run(weights, batch, { randoms: draw(1) });
    const other = await onnx.run(weights, batch, { randoms: draw(3) });
    const reference = await eager.run(weights, batch, { randoms: draw(1) });
    expect(again.loss).toBe(first.loss);
    expect(Math.abs(other.loss / first.loss - 1)).toBeGreaterThan(1e-3);
    expect(first.loss / reference.loss).toBeCloseTo(1, 5);
    await onnx.dispose();
    await eager.dispose();
  });

  it('needs random numbers', async () => {
    const step = createTrainStep(createOnnxEngine({ threads: 1 }), options);
    const run = step.run(initializeWeights(config, weightsRandom()), createSmallBatch(0));
    await expect(run).rejects.toThrow(/dropout/);
    await step.dispose();
  });
});
