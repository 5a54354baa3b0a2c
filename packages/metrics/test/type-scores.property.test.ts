import { createRandom } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreDetection, scoreTypes, type TypedImage, type TypedNucleus } from '../src/index.js';

const types = [1, 2, 3];

// From seeds: values that fast-check likes to draw coincide, and of equal distances either pairing is right.
const nuclei: fc.Arbitrary<TypedNucleus[]> = fc.tuple(fc.nat(), fc.nat(12)).map(([seed, count]) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => ({
    centroid: [random.uniform(0, 60), random.uniform(0, 60)],
    type: types[random.integer(types.length)]!,
  }));
});
const images = fc.array(fc.record({ truth: nuclei, prediction: nuclei }), { minLength: 1, maxLength: 3 });

describe.each(['global', 'gated'] as const)('scores of centroids paired %s', (pairing) => {
  it('lie between 0 and 1, or are undefined where nothing is there', () => {
    fc.assert(
      fc.property(images, (drawn) => {
        const { f1d, accuracy, f1 } = scoreTypes(drawn, { pairing, types });
        for (const value of [f1d, accuracy, ...Object.values(f1)]) {
          expect(Number.isNaN(value) || (value >= 0 && value <= 1)).toBe(true);
        }
        const count = drawn.reduce((sum, { truth, prediction }) => sum + truth.length + prediction.length, 0);
        expect(Number.isNaN(f1d)).toBe(count === 0);
        expect(scoreDetection(drawn, { pairing }).f1d).toEqual(f1d);
      }),
    );
  });

  it('are 1 for nuclei against themselves', () => {
    fc.assert(
      fc.property(nuclei, (truth) => {
        fc.pre(truth.length > 0);
        const { f1d, accuracy, f1 } = scoreTypes([{ truth, prediction: truth }], { pairing });
        expect([f1d, accuracy, ...Object.values(f1)]).toEqual(Array(2 + Object.keys(f1).length).fill(1));
      }),
    );
  });

  it('are as good for truth and prediction exchanged, as far as nuclei are found', () => {
    fc.assert(
      fc.property(images, (drawn) => {
        const swapped = drawn.map(({ truth, prediction }): TypedImage => ({ truth: prediction, prediction: truth }));
        const [given, exchanged] = [drawn, swapped].map((side) => scoreTypes(side, { pairing, types }));
        expect(exchanged!.f1d).toEqual(given!.f1d);
      }),
    );
  });
});
