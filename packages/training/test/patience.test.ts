import { expect, it } from 'vitest';
import { outOfPatience } from '../src/history.js';

const historyOf = (...dice: (number | null)[]) =>
  dice.map((value, index) => ({
    ...{ epoch: index + 1, learning_rate: 1, loss: 1, terms: {}, seconds: 1 },
    val_mean_dice: value,
  }));

it('ends a training after so many validations without a better mean Dice', () => {
  expect(outOfPatience(historyOf(0.5, 0.6, 0.55), 2)).toBe(false);
  expect(outOfPatience(historyOf(0.5, 0.6, 0.55, 0.6), 2)).toBe(true);
  expect(outOfPatience(historyOf(0.6, 0.5, 0.7), 2)).toBe(false);
});

it('counts validations, not epochs', () => {
  expect(outOfPatience(historyOf(0.6, null, null, null, 0.5), 2)).toBe(false);
});

it('waits for ever where no patience is given, and for the first validation', () => {
  expect(outOfPatience(historyOf(0.6, 0.5, 0.4, 0.3), null)).toBe(false);
  expect(outOfPatience(historyOf(null, null), 1)).toBe(false);
});
