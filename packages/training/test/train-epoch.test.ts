import { createSilentReporter } from '@hovernet/core';
import { initializeWeights } from '@hovernet/model';
import { describe, expect, it } from 'vitest';
import { createSingleCommunicator } from '../src/communicator.js';
import { createAdamState } from '../src/optimizer.js';
import type { TrainLoaders } from '../src/open-loaders.js';
import { trainEpoch, type EpochSettings } from '../src/train-epoch.js';
import type { StepResult, TrainStep } from '../src/train-step.js';
import type { TrainingRun } from '../src/training-run.js';
import { createSmallBatch, smallConfig, weightsRandom } from './support/small-step.js';

const parameter = 'bottleneck.conv_bottleneck.weight';
const norm = 'conv0.bn';

const settings: EpochSettings = {
  seed: 321,
  stage: 0,
  optimizer: { learningRate: 0.1, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 },
  schedule: { type: 'step', stepSizeEpochs: 25, gamma: 0.1, warmupSteps: 0 },
  epochs: 1,
  maxSteps: null,
  accumulatedBatches: 1,
  averageDecay: 0.5,
};

/** An epoch of one batch for each of `results`, which stand for what the engine computes; it never ends with one that is interrupted. */
async function train(results: readonly (Partial<StepResult> | 'interrupted')[], scale = 1024, accumulatedBatches = 1) {
  const run: TrainingRun = {
    key: '',
    network: smallConfig,
    classes: [],
    weights: initializeWeights(smallConfig, weightsRandom()),
    average: initializeWeights(smallConfig, weightsRandom()),
    adam: createAdamState(),
    lossScale: { scale, goodSteps: 5 },
    history: [],
    progress: null,
  };
  const batch = createSmallBatch(0);
  async function* batches() {
    for (let index = 0; index < results.length; index++) {
      yield { batch, indices: [index], next: { epoch: index + 1 < results.length ? 0 : 1 } };
    }
  }
  const loaders = {
    train: { batches, samplesPerEpoch: results.length },
    trainPatches: results.length,
  } as unknown as TrainLoaders;
  const scales: (number | undefined)[] = [];
  const controller = new AbortController();
  const step: TrainStep = {
    run: (weights, _, inputs) => {
      const gradient = new Float32Array((weights.get(parameter)!.data as Float32Array).length).fill(1);
      const channels = (weights.get(`${norm}.weight`)!.data as Float32Array).length;
      const seen = {
        name: norm,
        mean: new Float32Array(channels).fill(3),
        variance: new Float32Array(channels),
        count: 4,
      };
      const result = results[scales.length]!;
      scales.push(inputs?.lossScale);
      if (result === 'interrupted') {
        controller.abort();
        return new Promise(() => {});
      }
      return Promise.resolve({
        loss: 2,
        terms: {},
        gradients: new Map([[parameter, gradient]]),
        statistics: [seen],
        ...result,
      });
    },
    dispose: () => Promise.resolve(),
  };
  const before = structuredClone(run.weights);
  const context = { reporter: createSilentReporter(), signal: controller.signal };
  const communicator = createSingleCommunicator();
  const work = { run, loaders, step, epoch: 0, communicator };
  const record = await trainEpoch({ ...settings, accumulatedBatches }, context, work);
  return { run, before, scales, record };
}

it('ends an epoch at once when it is interrupted, however long the step takes', async () => {
  await expect(train([{ loss: 1 }, 'interrupted'])).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

describe('a step in mixed precision', () => {
  it('that overflows changes nothing but the scale, which it halves for the next', async () => {
    const { run, before, scales, record } = await train([{ overflowed: true }]);
    expect(run.weights).toEqual(before);
    expect(run.adam.step).toBe(0);
    expect(run.lossScale).toEqual({ scale: 512, goodSteps: 0 });
    expect(scales).toEqual([1024]);
    expect(record.loss).toBeNaN();
  });

  it('that does not is taken, with the loss of such steps alone in the mean', async () => {
    const results = [{ overflowed: true, loss: Infinity }, { overflowed: false }, { overflowed: false, loss: 4 }];
    const { run, before, scales, record } = await train(results);
    expect(run.weights.get(parameter)!.data).not.toEqual(before.get(parameter)!.data);
    expect(run.weights.get(`${norm}.running_mean`)!.data).not.toEqual(before.get(`${norm}.running_mean`)!.data);
    expect(run.adam.step).toBe(2);
    expect(scales).toEqual([1024, 512, 512]);
    expect(run.lossScale).toEqual({ scale: 512, goodSteps: 2 });
    expect(record.loss).toBe(3);
  });

  it('that overflows although nothing is scaled up ends the training with advice', async () => {
    await expect(train([{ overflowed: true }], 1)).rejects.toThrow(
      /expected finite gradients, got others in epoch 1; lower/,
    );
    await expect(train([{ overflowed: true, loss: NaN }], 1)).rejects.toThrow(
      /expected a finite loss, got NaN in epoch 1/,
    );
  });
});

it('several batches make one step, fewer at the end of an epoch', async () => {
  const { run, record } = await train([{ loss: 1 }, { loss: 2 }, { loss: 6 }], 1024, 2);
  expect(run.adam.step).toBe(2);
  expect(record.loss).toBe(3);
});

it('the average follows the weights', async () => {
  const { run, before } = await train([{ loss: 1 }, { loss: 2 }]);
  const [first, last, average] = [before, run.weights, run.average!].map(
    (state) => (state.get(parameter)!.data as Float32Array)[0]!,
  ) as [number, number, number];
  expect(average).toBeGreaterThan(last);
  expect(average).toBeLessThan(first);
});

it('a loss that explodes, though still a number, ends the training with advice', async () => {
  const losses = [...Array<number>(30).fill(2), ...Array<number>(30).fill(50)];
  const results = losses.map((loss) => ({ loss, gradients: new Map<string, Float32Array>() }));
  await expect(train(results)).rejects.toThrow(
    /expected a loss that falls, got a mean of 2\d\.\d over 20 steps in epoch 1 after 2\.00; lower the learning rate/,
  );
});

it('a step in float32 whose loss is not finite ends the training with advice', async () => {
  await expect(train([{ loss: Infinity }])).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
});
