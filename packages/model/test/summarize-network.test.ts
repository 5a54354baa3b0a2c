import { ShapeError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/index.js';
import { countParameters, summarizeNetwork } from '../src/internal.js';

describe('summarizeNetwork', () => {
  it('gives the published parameters of the standard network, stage by stage', () => {
    const summary = summarizeNetwork(resolveConfig(), 256);
    const encoder = Object.fromEntries(summary.stages.slice(0, 6).map(({ stage, parameters }) => [stage, parameters]));
    expect(encoder).toEqual({
      conv0: 9_536,
      d0: 215_296,
      d1: 1_218_560,
      d2: 7_096_320,
      d3: 14_960_640,
      bottleneck: 2_097_152,
    });
    const branch = (name: string) =>
      summary.stages
        .filter(({ stage }) => stage.startsWith(`${name}.`))
        .reduce((sum, { parameters }) => sum + parameters, 0);
    expect(branch('nucleus_prediction')).toBe(4_013_954);
    expect(branch('horizontal_vertical')).toBe(4_013_954);
    expect(branch('type_prediction')).toBe(4_014_149);
    expect(summary).toMatchObject({
      tensors: 797,
      parameters: 37_639_561,
      trainableFrozen: 14_165_641,
      inputSize: 256,
      outputSize: 164,
    });
    expect(summary.macs / 1e9).toBeCloseTo(149.6, 1);
  });

  it.each(['base', 'lite', 'tiny'] as const)('leaves no parameter of preset %s out', (preset) => {
    const config = resolveConfig({ preset });
    const { stages, parameters } = summarizeNetwork(config, 256);
    expect(stages.reduce((sum, stage) => sum + stage.parameters, 0)).toBe(parameters);
    expect(parameters).toBe(countParameters(config));
  });

  it('refuses sizes that do not fit', () => {
    expect(() => summarizeNetwork(resolveConfig(), 255)).toThrow(ShapeError);
  });
});
