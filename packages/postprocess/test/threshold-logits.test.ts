import { createPlanes } from '@hovernet/core';
import { expect, it } from 'vitest';
import { thresholdLogits } from '../src/classify-pixels.js';

const logits = createPlanes(2, 1, 3, Float32Array.of(2, 1, 0, 1, 1, 1));

it('takes equal logits as background with the rules of MONAI', () => {
  expect([...thresholdLogits(logits).data]).toEqual([0, 0, 1]);
});

it('takes equal logits as nucleus with the rules of the original', () => {
  expect([...thresholdLogits(logits, { reference: 'hover_net' }).data]).toEqual([0, 1, 1]);
});

it('refuses other than two channels', () => {
  expect(() => thresholdLogits(createPlanes(3, 1, 1))).toThrow(
    'thresholdLogits: expected [2, height, width], got [3, 1, 1]',
  );
});
