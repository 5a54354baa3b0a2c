import { initializeWeights } from '@hovernet/model';
import { createOnnxEngine } from '@hovernet/onnx/node';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTrainStep } from '../src/train-step.js';
import { createSmallBatch, smallConfig, weightsRandom } from './support/small-step.js';

it('a step from the cached graph equals one from the fresh graph bit for bit', async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), 'hovernet-step-'));
  onTestFinished(() => rmSync(cacheDir, { recursive: true }));
  const weights = initializeWeights(smallConfig, weightsRandom());
  const batch = createSmallBatch(0);
  const run = async () => {
    const engine = createOnnxEngine({ threads: 1, cacheDir });
    const step = createTrainStep(engine, { config: smallConfig, freezeEncoder: false, lossWeights: {} });
    const result = await step.run(weights, batch);
    await step.dispose();
    return result;
  };
  const fresh = await run();
  expect(readdirSync(cacheDir)).toHaveLength(1);
  expect(await run()).toEqual(fresh);
});
