import { ArgumentError, createRandom } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultAugmentOptions,
  drawTrainParameters,
  noAugmentation,
  hoverNetAugmentOptions,
  type AugmentOptions,
} from '../src/index.js';

const draws = (count: number, options: AugmentOptions = {}) => {
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
        for (const { operation, amount } of jitter) {
          expect(inside(amount, defaultAugmentOptions[operation] as readonly [number, number])).toBe(true);
        }
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
    { smoothSizesPx: [1, 2] },
    { median: [] },
    { median: [4] },
    { sharedNoise: -0.1 },
    { brightnessShift: [1, 0] },
    { 'stain.scale': [-1, 1] },
    { 'stain.probability': 2 },
    { 'elastic.sigmaPx': [0.5, 2] },
    { 'elastic.alphaPx': [-1, 1] },
    { 'elastic.interpolation': 'cubic' },
  ])('refuses %j and names it', (option) => {
    const [name, value] = Object.entries(option)[0] as [string, unknown];
    const [outer, inner] = name.split('.') as [string, string?];
    const draw = () => drawTrainParameters(createRandom(1), { [outer]: inner ? { [inner]: value } : value });
    expect(draw).toThrow(ArgumentError);
    expect(draw).toThrow(`augment options: ${name} is out of range`);
  });
});

describe('options beyond the bundle', () => {
  const inside = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high;

  it('change nothing of what the bundle draws', () => {
    const { elastic, stain, ...rest } = drawTrainParameters(createRandom(6), { stain: {}, elastic: {} });
    expect(rest).toEqual(drawTrainParameters(createRandom(6)));
    expect(elastic).toBeDefined();
    expect(stain).toBeDefined();
  });

  it('are off by default', () => {
    for (const parameters of draws(50)) {
      expect(parameters).not.toHaveProperty('stain');
      expect(parameters).not.toHaveProperty('elastic');
      expect(parameters.jitter.map((step) => step.operation)).not.toContain('brightnessShift');
    }
  });

  it('draw stains and deformations inside their ranges, as often as asked', () => {
    const stain = { probability: 0.25, scale: [0.8, 1.3], shift: [-0.1, 0.2] } as const;
    const elastic = { probability: 0.75, sigmaPx: [4, 6], alphaPx: [1, 1.5], interpolation: 'nearest' } as const;
    const drawn = draws(2000, { stain, elastic });
    const stained = drawn.flatMap((parameters) => parameters.stain ?? []);
    const deformed = drawn.flatMap((parameters) => parameters.elastic ?? []);
    expect(Math.abs(stained.length / 2000 - 0.25)).toBeLessThan(0.04);
    expect(Math.abs(deformed.length / 2000 - 0.75)).toBeLessThan(0.04);
    for (const { scale, shift } of stained) {
      expect(scale.every((value) => inside(value, stain.scale))).toBe(true);
      expect(shift.every((value) => inside(value, stain.shift))).toBe(true);
    }
    for (const { sigmaPx, alphaPx, interpolation } of deformed) {
      expect(inside(sigmaPx, elastic.sigmaPx) && inside(alphaPx, elastic.alphaPx)).toBe(true);
      expect(interpolation).toBe('nearest');
    }
    expect(new Set(deformed.map(({ seed }) => seed)).size).toBe(deformed.length);
  });

  it("hold the original repository's set", () => {
    const drawn = draws(3000, hoverNetAugmentOptions);
    const filters = drawn.map(({ filter }) => filter!);
    const share = (kind: string) => filters.filter((filter) => filter.kind === kind).length / drawn.length;
    for (const kind of ['smooth-binomial', 'median', 'noise']) {
      expect(Math.abs(share(kind) - 1 / 3)).toBeLessThan(0.03);
    }
    const sizes = new Set(filters.map((filter) => JSON.stringify({ ...filter, deviation: 0, seed: 0 })));
    expect([...sizes].filter((text) => text.includes('smooth-binomial'))).toHaveLength(9);
    expect([...sizes].filter((text) => text.includes('median'))).toHaveLength(3);
    expect([...sizes].filter((text) => text.includes('noise'))).toHaveLength(2);
    const noise = filters.filter((filter) => filter.kind === 'noise');
    expect(Math.max(...noise.map(({ deviation }) => deviation))).toBeGreaterThan(12);
    expect(noise.every(({ deviation }) => inside(deviation, [0, 12.75]))).toBe(true);
    expect(Math.abs(noise.filter(({ shared }) => shared).length / noise.length - 0.5)).toBeLessThan(0.08);
    const orders = new Set(drawn.map(({ jitter }) => jitter.map((step) => step.operation).join()));
    expect(orders.size).toBe(6);
    expect([...orders][0]!.split(',').sort()).toEqual(['brightnessShift', 'hue', 'saturation']);
  });
});
