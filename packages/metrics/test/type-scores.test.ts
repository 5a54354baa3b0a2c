import { describe, expect, it } from 'vitest';
import { scoreDetection, scoreTypes, type TypedImage, type TypedNucleus } from '../src/index.js';

function place(...nuclei: (readonly [x: number, y: number, type: number])[]): TypedNucleus[] {
  return nuclei.map(([x, y, type]) => ({ centroid: [x, y], type }));
}

const images: TypedImage[] = [
  {
    truth: place([10, 10, 1], [30, 10, 2], [50, 50, 3], [80, 80, 3], [100, 20, 4]),
    prediction: place([12, 10, 1], [31, 14, 3], [52, 58, 3], [140, 140, 2]),
  },
  {
    truth: place([20, 20, 2], [60, 60, 4], [90, 15, 4]),
    prediction: place([21, 22, 2], [58, 66, 4], [10, 90, 1], [92, 15, 3]),
  },
];

describe('scoreTypes', () => {
  it('gives the known scores of two images', () => {
    const { f1d, accuracy, f1 } = scoreTypes(images);
    const expected = [0.75, 0.66667, 0.66667, 0.4, 0.28571, 0.4];
    [f1d, accuracy, f1[1], f1[2], f1[3], f1[4]].forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    expect(Object.keys(f1)).toEqual(['1', '2', '3', '4']);
  });

  it('scores the types that are asked for; what nothing has is undefined', () => {
    const { f1 } = scoreTypes(images, { types: [2, 9] });
    expect(f1[2]).toBeCloseTo(0.4, 12);
    expect(f1[9]).toBeNaN();
    expect(f1[1]).toBeUndefined();
  });

  it('counts a pair with an unannotated truth as found, neither as right nor as wrong', () => {
    const image = { truth: place([0, 0, -1], [50, 50, 1]), prediction: place([0, 0, 1], [50, 50, 1]) };
    expect(scoreTypes([image])).toEqual({ f1d: 1, accuracy: 1, f1: { 1: 1 } });
  });

  it('has no phantom nucleus on an empty side', () => {
    const image = { truth: [], prediction: place([3, 4, 1]) };
    expect(scoreTypes([image], { types: [1] })).toEqual({ f1d: 0, accuracy: NaN, f1: { 1: 0 } });
  });

  it('pairs with a phantom nucleus at the corner as hover_net', () => {
    const image = { truth: [], prediction: place([3, 4, 1]) };
    expect(scoreTypes([image], { reference: 'hover_net' })).toEqual({ f1d: 1, accuracy: 0, f1: { 0: 0 } });
  });

  it('is undefined without any nucleus', () => {
    expect(scoreTypes([{ truth: [], prediction: [] }])).toEqual({ f1d: NaN, accuracy: NaN, f1: {} });
    expect(scoreTypes([])).toEqual({ f1d: NaN, accuracy: NaN, f1: {} });
  });

  it('refuses nuclei without a type', () => {
    const untyped = [{ centroid: [1, 1], type: null }] as const;
    expect(() => scoreTypes([{ truth: untyped, prediction: [] }])).toThrow('got none for truth 0');
  });
});

describe('scoreDetection', () => {
  it('pools the counts of all images', () => {
    expect(scoreDetection(images)).toEqual({
      f1d: 0.75,
      precision: 6 / 8,
      recall: 6 / 8,
      truePositives: 6,
      falsePositives: 2,
      falseNegatives: 2,
    });
  });

  it('agrees with the F1d of scoreTypes for gated pairs too', () => {
    const options = { pairing: 'gated', radiusPx: 5 } as const;
    expect(scoreDetection(images, options).f1d).toBe(scoreTypes(images, options).f1d);
  });
});
