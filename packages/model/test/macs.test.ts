import { ShapeError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/index.js';
import { countMacs } from '../src/internal.js';

const giga = 1e9;

describe('countMacs', () => {
  it('gives the published work of one window, stage by stage', () => {
    const { total, stages } = countMacs(resolveConfig(), 256);
    const sum = (pattern: RegExp) =>
      stages.filter(({ stage }) => pattern.test(stage)).reduce((macs, stage) => macs + stage.macs, 0) / giga;
    expect(total / giga).toBeCloseTo(149.6, 1);
    expect(sum(/^conv0/)).toBeCloseTo(0.6, 1);
    expect(sum(/^d\d/)).toBeCloseTo(83.6, 1);
    expect(sum(/^bottleneck/)).toBe((2048 * 1024 * 32 * 32) / giga);
    for (const branch of [/^nucleus_/, /^horizontal_/, /^type_/]) expect(sum(branch)).toBeCloseTo(21.1, 1);
    expect(stages).toHaveLength(6 + 3 * 4);
  });

  it('counts larger kernels in original mode', () => {
    expect(countMacs(resolveConfig({ mode: 'original' }), 270).total / giga).toBeCloseTo(196.7, 1);
  });

  it('counts the stem by hand', () => {
    const [stem] = countMacs(resolveConfig(), 256).stages;
    expect(stem).toEqual({ stage: 'conv0', macs: 256 * 256 * 7 * 7 * 3 * 64 });
  });

  it('refuses sizes that do not fit', () => {
    expect(() => countMacs(resolveConfig(), 255)).toThrow(ShapeError);
  });
});
