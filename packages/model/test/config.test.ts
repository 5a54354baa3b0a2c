import { ArgumentError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { presets, resolveConfig, type HoverNetOptions } from '../src/index.js';
import { countParameters } from '../src/internal.js';

describe('resolveConfig', () => {
  it('gives the standard network by default', () => {
    expect(resolveConfig()).toEqual(presets.base);
    expect(resolveConfig({ outClasses: undefined as never })).toEqual(presets.base);
  });

  it('takes a preset and replaces single values', () => {
    expect(resolveConfig({ preset: 'tiny', outClasses: 0 })).toEqual({ ...presets.tiny, outClasses: 0 });
  });

  it('scales channel counts to multiples of 8 and leaves the rest', () => {
    const config = resolveConfig({ width: 0.3 });
    expect(config).toEqual({
      ...presets.base,
      stemChannels: 16,
      stageChannels: [16, 40, 80, 152],
      growth: 8,
      denseBottleneck: 40,
      headChannels: 16,
    });
    expect(resolveConfig({ width: 0.01 }).stageChannels).toEqual([8, 8, 8, 8]);
  });

  it('prefers given values to scaled ones', () => {
    expect(resolveConfig({ width: 0.5, growth: 12 })).toMatchObject({ growth: 12, denseBottleneck: 64 });
  });

  const refused: [string, HoverNetOptions, RegExp][] = [
    ['one class', { outClasses: 1 }, /outClasses: expected 0 .* or an integer from 2 to 128/],
    ['too many classes', { outClasses: 129 }, /outClasses/],
    ['an unknown mode', { mode: 'slow' as never }, /mode: expected one of fast, original, got "slow"/],
    ['an unknown graph', { reference: 'vqdang' as never }, /reference: expected one of monai, hover_net/],
    ['an unknown preset', { preset: 'huge' as never }, /preset: expected one of base, lite, tiny/],
    ['an unknown field', { classes: 5 } as never, /classes: expected one of the fields mode, reference/],
    ['a width of zero', { width: 0 }, /width: expected a positive number/],
    ['three stages', { units: [3, 4, 6] as never }, /units: expected 4 integers ≥ 1/],
    ['fractional channels', { growth: 31.5 }, /growth: expected an integer ≥ 1/],
    ['groups that do not divide', { groups: 3 }, /groups: expected a divisor of growth 32 and denseBottleneck 128/],
    ['a single nucleus pixel channel', { npOutChannels: 1 }, /npOutChannels/],
    ['dropout above one', { dropout: 1.5 }, /dropout: expected a number from 0 to 1/],
    ['a stem that skips two pixels', { stemStride: 3 as never }, /stemStride: expected 1 or 2, got 3/],
    ['half resolution without padding', { mode: 'original', stemStride: 2 }, /stemStride: expected 1 with the mode/],
    ['padding that is no boolean', { decoderPadding: 1 as never }, /decoderPadding/],
  ];

  it.each(refused)('refuses %s', (_, options, message) => {
    expect(() => resolveConfig(options)).toThrow(ArgumentError);
    expect(() => resolveConfig(options)).toThrow(message);
  });
});

describe('presets', () => {
  it('have the sizes that their names promise', () => {
    expect(countParameters(resolveConfig({ preset: 'base' }))).toBe(37_639_561);
    expect(countParameters(resolveConfig({ preset: 'lite' }))).toBe(1_755_705);
    expect(countParameters(resolveConfig({ preset: 'tiny' }))).toBe(369_233);
  });
});
