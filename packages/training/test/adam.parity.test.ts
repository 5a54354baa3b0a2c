import type { WeightArray } from '@hovernet/model';
import { hasReference, readReferenceJson } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { createAdamState, stepAdam, updateParameter, learningRateOf } from '../src/optimizer.js';

interface GoldenAdam {
  readonly adam: Record<string, { params_after_each_step: number[][][] }>;
  readonly param0: number[][];
  readonly grads: number[][][];
  readonly 'steplr_25_gamma_0.1_lr_per_epoch_from_0': number[];
}

const options = { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 } as const;

function weightOf(values: readonly number[]): Map<string, WeightArray> {
  return new Map([['w', { dtype: 'float32', shape: [values.length], data: Float32Array.from(values) }]]);
}

describe('Adam', () => {
  it('moves every parameter by the learning rate in the first step', () => {
    const weights = weightOf([1, 1, 1]);
    const state = createAdamState();
    stepAdam(weights, new Map([['w', Float32Array.of(1, -2, 0)]]), { state, learningRate: 0.1, options });
    expect(Array.from(weights.get('w')!.data as Float32Array, (value) => Math.round(value * 1e6) / 1e6)).toEqual([
      0.9, 1.1, 1,
    ]);
  });

  it('adds the decay to the gradient', () => {
    const weights = weightOf([2]);
    const state = createAdamState();
    const decaying = { ...options, weightDecay: 0.5 };
    stepAdam(weights, new Map([['w', Float32Array.of(0)]]), { state, learningRate: 0.1, options: decaying });
    expect(state.first.get('w')![0]).toBeCloseTo(0.1, 7);
  });
});

describe.skipIf(!hasReference('golden/optimizer'))('the optimiser equals the reference', () => {
  // Read in the tests: the body of a skipped suite still runs.
  const readGolden = () => readReferenceJson<GoldenAdam>('golden/optimizer/adam.json');

  it.each([
    ['wd1e-5_float64', 1e-5],
    ['wd0_float64', 0],
  ])('Adam over four steps, %s', (name, weightDecay) => {
    const golden = readGolden();
    // Parameters in double precision: the reference's bound is finer than one rounding to float32.
    const parameter = Float64Array.from(golden.param0.flat());
    const first = new Float32Array(parameter.length);
    const second = new Float32Array(parameter.length);
    golden.adam[name]!.params_after_each_step.forEach((expected, index) => {
      const step = index + 1;
      const gradient = Float32Array.from(golden.grads[index]!.flat());
      const stepSize = 1e-4 / (1 - 0.9 ** step);
      const correction = Math.sqrt(1 - 0.999 ** step);
      updateParameter(parameter, gradient, {
        first,
        second,
        stepSize,
        correction,
        options: { ...options, weightDecay },
      });
      expected.flat().forEach((value, i) => expect(Math.abs(parameter[i]! - value)).toBeLessThan(2e-8));
    });
  });

  it.each([
    ['wd1e-5_float64', 1e-5],
    ['wd0_float64', 0],
  ])('Adam on float32 weights to half a unit in the last place per step, %s', (name, weightDecay) => {
    const golden = readGolden();
    const weights = weightOf(golden.param0.flat());
    const state = createAdamState();
    golden.adam[name]!.params_after_each_step.forEach((expected, index) => {
      const gradients = new Map([['w', Float32Array.from(golden.grads[index]!.flat())]]);
      stepAdam(weights, gradients, { state, learningRate: 1e-4, options: { ...options, weightDecay } });
      const halfUlp = 2 ** -26; // of parameters between 0.25 and 0.5, the largest here
      expected.flat().forEach((value, i) => {
        const difference = Math.abs((weights.get('w')!.data as Float32Array)[i]! - value);
        expect(difference).toBeLessThan((index + 1) * halfUlp + 1e-10);
      });
    });
  });

  it('the step schedule', () => {
    const schedule = { type: 'step', stepSizeEpochs: 25, gamma: 0.1, warmupSteps: 0 } as const;
    readGolden()['steplr_25_gamma_0.1_lr_per_epoch_from_0'].forEach((rate, epoch) => {
      expect(learningRateOf({ epoch, epochs: 50 }, 1e-4, schedule)).toBeCloseTo(rate, 12);
    });
  });
});
