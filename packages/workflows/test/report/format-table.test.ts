import { expect, it } from 'vitest';
import { formatTable } from '../../src/report/format-table.js';

it('aligns text left and numbers right', () => {
  const rows = [
    ['test_1', 0.81256, 12],
    ['a longer name', NaN, null],
    ['whole', 1, 3],
  ];
  expect(formatTable(['image', 'dice', 'nuclei'], rows)).toBe(
    [
      'image            dice  nuclei',
      '─────────────  ──────  ──────',
      'test_1         0.8126      12',
      'a longer name     n/a       –',
      'whole          1.0000       3',
    ].join('\n'),
  );
});

it('shows as many digits as asked for, and headers alone without rows', () => {
  expect(formatTable(['x'], [[0.5]], { digits: 1 })).toBe('  x\n───\n0.5');
  expect(formatTable(['a', 'bc'], [])).toBe('a  bc\n─  ──');
});
