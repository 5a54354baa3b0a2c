import { readdirSync, readFileSync } from 'node:fs';
import { workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';

const folder = workspacePath('docs', 'decisions');

it('defines every term of the glossary once', () => {
  const glossary = readFileSync(workspacePath('docs', 'glossary.md'), 'utf8');
  const terms = [...glossary.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, term]) => term!);
  const defined = terms.filter((term) => term !== 'term' && !/^-+$/.test(term));
  expect(defined.length).toBeGreaterThan(70);
  expect(defined.filter((term, at) => defined.indexOf(term) !== at)).toEqual([]);
});

it.each(readdirSync(folder))('%s says when it was decided and whether it holds', (name) => {
  const date = String.raw`\d{4}-\d{2}-\d{2}`;
  expect(readFileSync(`${folder}/${name}`, 'utf8')).toMatch(
    new RegExp(
      `^# ${name.slice(0, 4)} .+\n\n(Accepted ${date}(, amended ${date})?|Superseded by \\d{4} on ${date})\\.\n\n## Context`,
    ),
  );
});
