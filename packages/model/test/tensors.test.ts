import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/index.js';
import { countParameters, listTensors, tensorSpecs } from '../src/internal.js';
import { smallConfig } from './support/noise-state.js';

describe('listTensors', () => {
  it('has the names, shapes and order of the reference state dict', () => {
    const fast = listTensors(resolveConfig());
    expect(fast).toHaveLength(797);
    expect(fast.filter(({ role }) => role === 'batchCount')).toHaveLength(130);
    expect(hashEntries(fast)).toBe('984730819201026358e446a339549fa9f28cd91841458c489d3b595b9ba4f894');
    expect(hashEntries(listTensors(resolveConfig({ mode: 'original' })))).toBe(
      '761d184e8c7fa4769aee2dd14d62f437ea4e76098fdcabd963990de24205136f',
    );
  });

  it('drops the type branch without classes', () => {
    const names = listTensors(resolveConfig({ outClasses: 0 })).map(({ name }) => name);
    expect(names).toHaveLength(631);
    expect(names.filter((name) => name.startsWith('type_prediction'))).toEqual([]);
  });

  it('follows any width and depth', () => {
    const shapes = new Map(listTensors(smallConfig).map(({ name, shape }) => [name, shape]));
    expect(shapes.get('res_blocks.d1.shortcut.weight')).toEqual([12, 8, 1, 1]);
    expect(shapes.get('nucleus_prediction.decoder_blocks.decoderblock1.conva.weight')).toEqual([4, 16, 3, 3]);
    expect(shapes.get('nucleus_prediction.decoder_blocks.decoderblock1.convf.weight')).toEqual([12, 12, 1, 1]);
    expect(shapes.get('nucleus_prediction.decoder_blocks.decoderblock2.convf.weight')).toEqual([8, 7, 1, 1]);
    expect(shapes.get('type_prediction.output_features.decoderblock4.conv.bias')).toEqual([3]);
  });

  it('does not depend on whose graph is computed', () => {
    expect(listTensors(resolveConfig({ reference: 'hover_net' }))).toEqual(listTensors(resolveConfig()));
  });
});

describe('countParameters', () => {
  it.each([
    ['fast', 5, 37_639_561],
    ['fast', 6, 37_639_626],
    ['fast', 0, 33_625_412],
    ['original', 5, 54_744_457],
    ['original', 6, 54_744_522],
    ['original', 0, 45_028_676],
  ] as const)('gives the published number: %s, %i classes', (mode, outClasses, expected) => {
    expect(countParameters(resolveConfig({ mode, outClasses }))).toBe(expected);
  });
});

describe('tensorSpecs', () => {
  it('describes filters channel-last with their host layout, and no counters', () => {
    const specs = tensorSpecs(resolveConfig());
    expect(specs).toHaveLength(667);
    expect(specs[0]).toEqual({
      name: 'conv0.conv.weight',
      shape: [7, 7, 3, 64],
      dtype: 'float32',
      layout: [3, 2, 0, 1],
    });
    expect(specs[1]).toEqual({ name: 'conv0.bn.weight', shape: [64], dtype: 'float32' });
  });
});

function hashEntries(entries: readonly { name: string; shape: readonly number[]; dtype: string }[]): string {
  const lines = entries.map(({ name, shape, dtype }) => `${name} [${shape.join(',')}] ${dtype}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
