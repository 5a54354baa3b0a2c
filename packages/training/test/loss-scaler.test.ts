import { describe, expect, it } from 'vitest';
import { createLossScale, unscaleGradients, updateLossScale } from '../src/loss-scaler.js';

describe('the loss scale', () => {
  it('begins at 65,536 and is halved by an overflow', () => {
    const state = createLossScale();
    expect(state.scale).toBe(65_536);
    updateLossScale(state, true);
    expect(state).toEqual({ scale: 32_768, goodSteps: 0 });
  });

  it('is doubled by 2,000 good steps in a row, which an overflow interrupts', () => {
    const state = createLossScale();
    for (let step = 0; step < 1999; step++) updateLossScale(state, false);
    expect(state.scale).toBe(65_536);
    updateLossScale(state, false);
    expect(state).toEqual({ scale: 131_072, goodSteps: 0 });
    updateLossScale(state, false);
    updateLossScale(state, true);
    expect(state).toEqual({ scale: 65_536, goodSteps: 0 });
  });
});

describe('unscaleGradients', () => {
  it('divides in place and finds all finite', () => {
    const gradients = new Map([['a', Float32Array.of(4, -8, 0)]]);
    expect(unscaleGradients(gradients, 4)).toBe(true);
    expect([...gradients.get('a')!]).toEqual([1, -2, 0]);
  });

  it.each([Infinity, -Infinity, NaN])('finds %s', (value) => {
    const gradients = new Map([
      ['a', Float32Array.of(1)],
      ['b', Float32Array.of(1, value, 2)],
    ]);
    expect(unscaleGradients(gradients, 2)).toBe(false);
  });
});
