import { createPlanes } from '@hovernet/core';
import { expect, it } from 'vitest';
import { classifyPixels } from '../src/classify-pixels.js';
import { drawLabels } from './support/pictures.js';

const logits = createPlanes(3, 1, 4, Float32Array.of(1, 0, 0, 2, 0, 1, 1, 0, 0, 0, 1, 3));

it('takes the greatest logit, the lowest class of equal ones', () => {
  expect([...classifyPixels(logits).data]).toEqual([0, 1, 1, 2]);
});

it('classifies only the pixels of nuclei when asked to', () => {
  expect([...classifyPixels(logits, { within: drawLabels('..1.') }).data]).toEqual([0, 0, 1, 0]);
});

it('refuses a map of another size', () => {
  expect(() => classifyPixels(logits, { within: drawLabels('..') })).toThrow('within: expected [1, 4], got [1, 2]');
});
