import { WeightsError } from '@hovernet/core';
import { expect, it } from 'vitest';
import { readAdvice } from '../src/network/describe-model.js';

it('takes options of post-processing and appearance from a weight file', () => {
  const advice = {
    postprocess: { normalization: 'fixed', markerThreshold: 0.43 },
    appearance: { density: [0.1, 0.2, 0.1], nucleusPx: 17 },
  } as const;
  expect(readAdvice(advice, 'w')).toEqual(advice);
  expect(readAdvice({}, 'w')).toEqual({});
});

it.each([
  [{ markerThreshold: 2 }, 'markerThreshold 2'],
  [{ normalization: 'none' }, 'normalization "none"'],
  [{ threshold: 0.4 }, 'threshold 0.4'],
  [{ keepReferenceIds: true }, 'keepReferenceIds true'],
])('refuses options that do not exist or have no such value: %j', (postprocess, got) => {
  expect(() => readAdvice({ postprocess }, 'w.onnx')).toThrow(WeightsError);
  expect(() => readAdvice({ postprocess }, 'w.onnx')).toThrow(`got ${got} in its metadata`);
});
