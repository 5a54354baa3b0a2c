import { describe, expect, it } from 'vitest';
import { createNameMap } from '../../src/conversion/name-map.js';

const map = createNameMap([
  { ours: 'a.{n+1}.norm.*', theirs: 'b.{n}.bn.*' },
  { ours: 'a.{n+1}.*', theirs: 'b.{n}.*' },
  { ours: 'stage{x}.unit{y}', theirs: '{y+1}/{x}' },
]);

describe('createNameMap', () => {
  it('carries integers and the rest of a name over, in both directions', () => {
    expect(map.toTheirs('a.3.conv.weight')).toBe('b.2.conv.weight');
    expect(map.toOurs('b.2.conv.weight')).toBe('a.3.conv.weight');
  });

  it('takes the first row that fits', () => {
    expect(map.toTheirs('a.1.norm.bias')).toBe('b.0.bn.bias');
    expect(map.toOurs('b.0.bn.bias')).toBe('a.1.norm.bias');
  });

  it('lets placeholders change places', () => {
    expect(map.toTheirs('stage2.unit7')).toBe('8/2');
    expect(map.toOurs('8/2')).toBe('stage2.unit7');
  });

  it.each(['a.0.conv', 'a.01.conv', 'a.12345.conv', 'a.1.', 'xa.1.conv', 'stage1.unit2x', 'aX1Xconv', ''])(
    'knows no %j',
    (name) => {
      expect(map.toTheirs(name)).toBeNull();
    },
  );
});
