// docs/how-to/segment-images.md has a row for every format of the registry, in its words.
import { resultFormats } from '@hovernet/export';
import { expect, it } from 'vitest';
import { readPage } from './pages.js';

const rows = readPage('docs/how-to/segment-images.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.replaceAll(/ +/g, ' '));

it('lists every format with its files and its description', () => {
  const expected = resultFormats.map(({ name, files, description }) => {
    const names = files.map(({ ending }) => `\`NAME${ending}\``).join(', ');
    return `| \`${name}\` | ${names} | ${description} |`;
  });
  expect(rows).toEqual(expected);
});
