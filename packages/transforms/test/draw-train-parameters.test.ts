import { ArgumentError, createRandom } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultAugmentOptions, drawTrainParameters, noAugmentation } from '../src/index.js';

const draws = (count: number, options = {}) => {
  const random = createRandom(11);
  return Array.from({ length: count }, () => drawTrainParameters(random, options));
};

describe('drawTrainParameters', () => {
  it('draws the same for the same seed', () => {
    expect(drawTrainParameters(createRandom(8))).toEqual(drawTrainParameters(createRandom(8)));
  });

  it("stays inside the bundle's ranges", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { affine, filter, jitter } = drawTrainParameters(createRandom(seed));
        const inside = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high;
        expect(inside(affine.rotation, [-Math.PI, Math.PI])).toBe(true);
        expect(affine.scale.every((value) => inside(value, [0.8, 1.2]))).toBe(true);
        expect(affine.shear.every((value) => inside(value, [-0.05, 0.05]))).toBe(true);
        expect(affine.translatePx.every((value) => inside(value, [-6, 6]))).toBe(true);
        if (filter?.kind === 'smooth') {
          expect(inside(filter.sigmaRowsPx, [0.1, 1.1]) && inside(filter.sigmaColumnsPx, [0.1, 1.1])).toBe(true);
        }
        if (filter?.kind === 'noise') expect(inside(filter.deviation, [0, 0.05])).toBe(true);
        for (const { operation, amount } of jitter) expect(inside(amount, defaultAugmentOptions[operation])).toBe(true);
        expect(jitter.map((step) => step.operation).sort()).toEqual(['brightness', 'contrast', 'hue', 'saturation']);
      }),
    );
  });

  it('chooses each filter and flip about equally often, and every order of colour steps', () => {
    const drawn = draws(3000);
    const share = (test: (parameters: (typeof drawn)[number]) => boolean) => drawn.filter(test).length / drawn.length;
    for (const kind of ['smooth', 'median', 'noise']) {
      expect(Math.abs(share(({ filter }) => filter?.kind === kind) - 1 / 3)).toBeLessThan(0.03);
    }
    expect(Math.abs(share(({ flipRows }) => flipRows) - 0.5)).toBeLessThan(0.03);
    expect(Math.abs(share(({ flipColumns }) => flipColumns) - 0.5)).toBeLessThan(0.03);
    expect(new Set(drawn.map(({ jitter }) => jitter.map((step) => step.operation).join())).size).toBe(24);
  });

  it('draws nothing but neutral values when everything is off', () => {
    expect(drawTrainParameters(createRandom(2), noAugmentation)).toEqual({
      affine: { rotation: 0, shear: [0, 0], translatePx: [0, 0], scale: [1, 1] },
      flipRows: false,
      flipColumns: false,
      filter: null,
      jitter: [],
    });
  });

  it('leaves the other steps as they were when one is switched off', () => {
    const all = drawTrainParameters(createRandom(6));
    const fewer = drawTrainParameters(createRandom(6), { shear: false, hue: false, flipRows: 1 });
    expect(fewer.affine).toEqual({ ...all.affine, shear: [0, 0] });
    expect(fewer.flipColumns).toBe(all.flipColumns);
    expect(fewer.filter).toEqual(all.filter);
    expect(fewer.jitter).toEqual(all.jitter.filter((step) => step.operation !== 'hue'));
  });

  it('chooses among the filters that are on', () => {
    const kinds = draws(200, { median: false }).map(({ filter }) => filter?.kind);
    expect(new Set(kinds)).toEqual(new Set(['smooth', 'noise']));
  });

  it('takes undefined as the default', () => {
    expect(drawTrainParameters(createRandom(6), { hue: undefined } as never)).toEqual(
      drawTrainParameters(createRandom(6)),
    );
  });

  it.each([
    { scale: [0, 1] },
    { hue: [-0.6, 0.1] },
    { brightness: [1.1, 0.9] },
    { flipRows: 1.5 },
    { smoothSigmaPx: [0, 1] },
    { contrast: [-1, 1] },
    { rotation: [NaN, 1] },
  ] as const)('refuses %j and names it', (options) => {
    const draw = () => drawTrainParameters(createRandom(1), options as never);
    expect(draw).toThrow(ArgumentError);
    expect(draw).toThrow(Object.keys(options)[0]);
  });
});
