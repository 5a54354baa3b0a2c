import { expect, it } from 'vitest';
import { learningRateOf } from '../src/optimizer.js';
import type { ScheduleOptions } from '../src/train-options.js';

const stepSchedule: Required<ScheduleOptions> = { type: 'step', stepSizeEpochs: 25, gamma: 0.1, warmupSteps: 0 };

it('drops by gamma after every step, counted from the first epoch', () => {
  const schedule = { ...stepSchedule, stepSizeEpochs: 2 };
  const rates = [0, 1, 2, 3, 4].map((epoch) => learningRateOf({ epoch, epochs: 5 }, 1, schedule));
  [1, 1, 0.1, 0.1, 0.01].forEach((expected, epoch) => expect(rates[epoch]).toBeCloseTo(expected, 15));
});

it('follows the 50 epochs of the bundle: 1e-4, then 1e-5 from epoch 25 on', () => {
  const rateOf = (epoch: number) => learningRateOf({ epoch, epochs: 50 }, 1e-4, stepSchedule);
  expect(rateOf(24)).toBe(1e-4);
  expect(rateOf(25)).toBeCloseTo(1e-5, 18);
  expect(rateOf(49)).toBeCloseTo(1e-5, 18);
});

it('stays the same with gamma 1, and where it is constant', () => {
  const moment = { epoch: 1000, epochs: 2000 };
  expect(learningRateOf(moment, 0.003, { ...stepSchedule, stepSizeEpochs: 1, gamma: 1 })).toBe(0.003);
  expect(learningRateOf(moment, 0.003, { ...stepSchedule, type: 'constant' })).toBe(0.003);
});

it('falls by a cosine, symmetric about half of the base', () => {
  const schedule = { ...stepSchedule, type: 'cosine' } as const;
  const rates = [0, 1, 2, 3, 4].map((epoch) => learningRateOf({ epoch, epochs: 5 }, 2, schedule));
  expect(rates).toEqual([...rates].sort((a, b) => b - a));
  expect(rates[2]).toBeCloseTo(1, 15);
  expect(rates[0]! + rates[4]!).toBeCloseTo(2, 15);
  expect(rates[4]).toBeCloseTo(1 + Math.cos(0.9 * Math.PI), 15);
});

it('rises over the first steps of a run, whatever the schedule', () => {
  const schedule = { ...stepSchedule, warmupSteps: 4 };
  const rates = [1, 2, 4, 5].map((step) => learningRateOf({ epoch: 0, epochs: 50, step }, 1, schedule));
  expect(rates).toEqual([0.25, 0.5, 1, 1]);
});
