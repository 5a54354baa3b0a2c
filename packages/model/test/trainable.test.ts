import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/index.js';
import { listTrainable, type TensorEntry } from '../src/internal.js';

const config = resolveConfig();

describe('listTrainable', () => {
  it('lists all parameters', () => {
    const entries = listTrainable(config);
    expect(entries).toHaveLength(407);
    expect(countElements(entries)).toBe(37_639_561);
  });

  it('freezes the encoder as the references do', () => {
    const entries = listTrainable(config, { freezeEncoder: true });
    expect(entries).toHaveLength(262);
    expect(countElements(entries)).toBe(14_165_641);
    const encoder = entries.filter(({ name }) => name.startsWith('res_blocks')).map(({ name }) => name);
    expect(encoder).toEqual([
      'res_blocks.d0.shortcut.weight',
      'res_blocks.d0.bna_block.bn.weight',
      'res_blocks.d0.bna_block.bn.bias',
    ]);
  });

  it('freezes stem and stages where the whole encoder is frozen', () => {
    const entries = listTrainable(config, { freezeEncoder: 'whole-encoder' });
    expect(entries).toHaveLength(256);
    expect(entries[0]!.name).toBe('bottleneck.conv_bottleneck.weight');
    expect(entries.slice(1).every(({ name }) => !/^(conv0|res_blocks|bottleneck)/.test(name))).toBe(true);
  });
});

function countElements(entries: readonly TensorEntry[]): number {
  return entries.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
