import { describe, expect, it } from 'vitest';
import { chooseType } from '../src/describe-nuclei.js';

describe('chooseType', () => {
  it.each([
    { counts: [0, 3, 7], type: 2, share: 0.7, what: 'the most frequent class' },
    { counts: [0, 0, 5, 5], type: 2, share: 0.5, what: 'the lowest of equally frequent classes' },
    { counts: [8, 0, 2], type: 2, share: 0.2, what: 'the second most frequent where background wins' },
    { counts: [5, 0, 0, 5], type: 3, share: 0.5, what: 'a class rather than equally frequent background' },
    { counts: [4, 0], type: 0, share: 1, what: 'background where nothing else occurs' },
  ])('takes $what', ({ counts, type, share }) => {
    const choice = chooseType(counts);
    expect(choice.type).toBe(type);
    expect(choice.probability).toBeCloseTo(share, 6);
  });

  it('divides by the area plus 1e-6', () => {
    expect(chooseType([0, 1]).probability).toBe(1 / (1 + 1e-6));
  });
});
