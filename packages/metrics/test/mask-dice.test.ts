import { createTypeMap, flipView } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { computeMaskDice, computeMean, computeMeanDice } from '../src/index.js';

const empty = createTypeMap(2, 2);
const left = createTypeMap(2, 2, Uint8Array.of(1, 0, 1, 0));
const top = createTypeMap(2, 2, Uint8Array.of(3, 1, 0, 0));

describe('computeMaskDice', () => {
  it('counts every non-zero pixel as foreground', () => {
    expect(computeMaskDice({ truth: left, prediction: top })).toBe(0.5);
    expect(computeMaskDice({ truth: left, prediction: flipView(left, 1) })).toBe(0);
  });

  it('leaves an empty truth undefined, or scores it', () => {
    expect(computeMaskDice({ truth: empty, prediction: left })).toBeNaN();
    expect(computeMaskDice({ truth: empty, prediction: empty })).toBeNaN();
    expect(computeMaskDice({ truth: empty, prediction: left }, { emptyTruth: 'score' })).toBe(0);
    expect(computeMaskDice({ truth: empty, prediction: empty }, { emptyTruth: 'score' })).toBe(1);
  });

  it('refuses masks of different sizes', () => {
    expect(() => computeMaskDice({ truth: left, prediction: createTypeMap(2, 3) })).toThrow('2 × 2');
  });
});

describe('computeMeanDice', () => {
  const patches = [
    { truth: left, prediction: top },
    { truth: left, prediction: left },
    { truth: empty, prediction: left },
  ];

  it('skips patches with an empty truth', () => {
    expect(computeMeanDice(patches)).toBe(0.75);
    expect(computeMeanDice(patches, { emptyTruth: 'score' })).toBe(0.5);
  });

  it('is undefined where every patch is skipped', () => {
    expect(computeMeanDice([patches[2]!])).toBeNaN();
  });
});

describe('computeMean', () => {
  it('skips undefined values, or propagates them', () => {
    expect(computeMean([1, NaN, 2])).toBe(1.5);
    expect(computeMean([1, NaN, 2], { undefinedValues: 'propagate' })).toBeNaN();
    expect(computeMean([])).toBeNaN();
  });
});
