import { initializeWeights } from '@hovernet/model';
import { traceProgram } from '@hovernet/onnx';
import { createOnnxEngine } from '@hovernet/onnx/node';
import { expect, it } from 'vitest';
import { createTrainProgram } from '../src/train-program.js';
import { createTrainStep } from '../src/train-step.js';
import { createSmallBatch, smallConfig, weightsRandom } from './support/small-step.js';

const engine = createOnnxEngine({ threads: 1 });

it('a wholly frozen encoder leaves the decoders their gradients', async () => {
  const weights = initializeWeights(smallConfig, weightsRandom());
  const batch = createSmallBatch(0);
  const options = { config: smallConfig, lossWeights: {} };
  const all = createTrainStep(engine, { ...options, freezeEncoder: false });
  const decoders = createTrainStep(engine, { ...options, freezeEncoder: 'whole-encoder' });
  const expected = await all.run(weights, batch);
  const result = await decoders.run(weights, batch);
  await Promise.all([all.dispose(), decoders.dispose()]);
  expect([...result.gradients.keys()].filter((name) => /^(conv0|res_blocks)\./.test(name))).toEqual([]);
  expect(result.gradients.has('bottleneck.conv_bottleneck.weight')).toBe(true);
  expect(result.loss).toBe(expected.loss);
  // Batch-norms of the frozen part still see batches, as in the references.
  expect(result.statistics.map(({ name }) => name)).toEqual(expected.statistics.map(({ name }) => name));
  for (const [name, gradient] of result.gradients) {
    const full = expected.gradients.get(name)!;
    const largest = full.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-6);
    gradient.forEach((value, i) => expect(Math.abs(value - full[i]!) / largest, name).toBeLessThan(1e-4));
  }
});

it('a wholly frozen encoder has no backward pass', () => {
  const nodesOf = (freezeEncoder: boolean | 'whole-encoder') => {
    const program = createTrainProgram(smallConfig, { batchSize: 1, windowPx: 64, freezeEncoder, lossWeights: {} });
    return traceProgram(program).graph.nodes.filter(({ op }) => op === 'HardSigmoid').length;
  };
  // One for the gradient of each ReLU.
  expect(nodesOf('whole-encoder')).toBeLessThan(nodesOf(true));
  expect(nodesOf(true)).toBe(nodesOf(false));
});
