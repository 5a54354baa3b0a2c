import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import { expect, it } from 'vitest';
import * as ops from '../src/index.js';

it('prints what the README says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [example, printed] = ['ts', 'text'].map((language) =>
    new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``)
      .exec(readme)?.[1]
      ?.replace(/^import (.*) from (.*);$/gm, 'const $1 = modules[$2];'),
  );
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(format(...values));
  const run = new Function('modules', 'console', `return (async () => {${example!}})()`);
  await run({ '@hovernet/ops': ops }, { log });
  expect(lines.join('\n')).toBe(printed!.trimEnd());
});
