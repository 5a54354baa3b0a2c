import { initializeWeights } from '@hovernet/model';
import { createOnnxEngine } from '@hovernet/onnx/node';
import { afterAll, describe, expect, it } from 'vitest';
import { createTrainStep } from '../src/train-step.js';
import { createSmallBatch, smallConfig, weightsRandom } from './support/small-step.js';

const options = { config: smallConfig, freezeEncoder: false, lossWeights: {} };
const exact = createTrainStep(createOnnxEngine({ threads: 1 }), options);
const scaled = createTrainStep(createOnnxEngine({ threads: 1 }), { ...options, lossScaling: true });
const mixed = createTrainStep(createOnnxEngine({ threads: 1, precision: 'mixed' }), { ...options, lossScaling: true });
const weights = initializeWeights(smallConfig, weightsRandom());

afterAll(() => Promise.all([exact, scaled, mixed].map((step) => step.dispose())));

/** ‖a − b‖ / ‖b‖ over all gradients. */
function relativeDistance(a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>): number {
  let [difference, size] = [0, 0];
  for (const [name, expected] of b) {
    const values = a.get(name)!;
    expected.forEach((value, i) => {
      difference += (values[i]! - value) ** 2;
      size += value * value;
    });
  }
  return Math.sqrt(difference / size);
}

describe('a train step', () => {
  it('gives the same gradients whatever the scale of the loss, in float32', async () => {
    const batch = createSmallBatch(0);
    const plain = await exact.run(weights, batch);
    const result = await scaled.run(weights, batch, { lossScale: 1024 });
    expect(plain.overflowed).toBeUndefined();
    expect(result.overflowed).toBe(false);
    expect(result.loss).toBe(plain.loss);
    // A factor of 2¹⁰ changes exponents alone.
    expect(relativeDistance(result.gradients, plain.gradients)).toBeLessThan(1e-6);
  });

  it('in mixed precision is within the rounding of float16', async () => {
    const batch = createSmallBatch(0);
    const plain = await exact.run(weights, batch);
    const half = await mixed.run(weights, batch, { lossScale: 256 });
    expect(half.overflowed).toBe(false);
    expect(Math.abs(half.loss / plain.loss - 1)).toBeLessThan(5e-3);
    // Each of some forty layers rounds by 2⁻¹¹, and batch-norms of small batches amplify it.
    const distance = relativeDistance(half.gradients, plain.gradients);
    expect(distance).toBeLessThan(0.1);
    expect(distance).toBeGreaterThan(1e-5);
  });

  it('tells where the scaled gradients leave float16', async () => {
    const batch = createSmallBatch(0);
    const { overflowed, loss } = await mixed.run(weights, batch, { lossScale: 2 ** 40 });
    expect(overflowed).toBe(true);
    expect(Number.isFinite(loss)).toBe(true);
  });
});
