import { expect, it } from 'vitest';
import { learningRateOf } from '../../src/training/learning-rate.js';

it('drops by gamma after every step, counted from the first epoch', () => {
  const schedule = { stepSizeEpochs: 2, gamma: 0.1 };
  const rates = [0, 1, 2, 3, 4].map((epoch) => learningRateOf(epoch, 1, schedule));
  [1, 1, 0.1, 0.1, 0.01].forEach((expected, epoch) => expect(rates[epoch]).toBeCloseTo(expected, 15));
});

it('follows the 50 epochs of the bundle: 1e-4, then 1e-5 from epoch 25 on', () => {
  const schedule = { stepSizeEpochs: 25, gamma: 0.1 };
  expect(learningRateOf(24, 1e-4, schedule)).toBe(1e-4);
  expect(learningRateOf(25, 1e-4, schedule)).toBeCloseTo(1e-5, 18);
  expect(learningRateOf(49, 1e-4, schedule)).toBeCloseTo(1e-5, 18);
});

it('stays the same with gamma 1', () => {
  expect(learningRateOf(1000, 0.003, { stepSizeEpochs: 1, gamma: 1 })).toBe(0.003);
});
