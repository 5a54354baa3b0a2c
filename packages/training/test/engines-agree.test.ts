// The same few steps of training by the recorded graph and by TensorFlow.js itself.
import { initializeWeights, resolveConfig, type HoverNetConfig } from '@hovernet/model';
import { updateRunningStatistics } from '@hovernet/model/internal';
import { createOnnxEngine } from '@hovernet/onnx/node';
import type { Engine } from '@hovernet/ops';
import { openEagerEngine } from '@hovernet/ops/node';
import { expect, it } from 'vitest';
import { createAdamState, stepAdam } from '../src/optimizer.js';
import { createTrainStep } from '../src/train-step.js';
import { createSmallBatch, smallConfig, weightsRandom } from './support/small-step.js';

const STEPS = 3;

const networks = [
  { name: "the paper's graph", config: smallConfig },
  {
    name: 'half resolution',
    config: resolveConfig({ preset: 'lite', width: 0.25, units: [1, 1, 1, 1], denseUnits: [1, 1], outClasses: 5 }),
  },
];

async function trainLosses(engine: Engine, config: HoverNetConfig): Promise<number[]> {
  const weights = initializeWeights(config, weightsRandom());
  const adam = createAdamState();
  const step = createTrainStep(engine, { config, freezeEncoder: false, lossWeights: {} });
  const options = { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 1e-5 } as const;
  const losses: number[] = [];
  // The same batch at every step, so that the loss falls.
  const batch = createSmallBatch(0, config);
  for (let index = 0; index < STEPS; index++) {
    const { loss, gradients, statistics } = await step.run(weights, batch);
    stepAdam(weights, gradients, { state: adam, learningRate: 1e-4, options });
    updateRunningStatistics(weights, statistics);
    losses.push(loss);
  }
  await step.dispose();
  return losses;
}

it.each(networks)('onnx and tfjs agree on the loss of every step: $name', async ({ config }) => {
  const onnx = await trainLosses(createOnnxEngine({ threads: 1 }), config);
  const tfjs = await trainLosses(await openEagerEngine({ backend: 'wasm' }), config);
  // Adam divides gradients by their size: where one is next to 0, rounding decides the direction of a step.
  onnx.forEach((loss, index) => expect(Math.abs(loss / tfjs[index]! - 1), `step ${index}`).toBeLessThan(1e-3));
  expect(onnx[0]! / tfjs[0]!).toBeCloseTo(1, 5);
  expect(onnx.at(-1)).toBeLessThan(onnx[0]!);
});
