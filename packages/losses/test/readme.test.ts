import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import { expect, it } from 'vitest';
import * as losses from '../src/index.js';

it('prints what the README says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [example, printed] = ['ts', 'text'].map((language) =>
    new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``)
      .exec(readme)?.[1]
      ?.replace(/^import (?:\* as )?(.*) from (.*);$/gm, 'const $1 = modules[$2];'),
  );
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(format(...values));
  new Function('modules', 'console', example!)({ '@tensorflow/tfjs': tf, '@hovernet/losses': losses }, { log });
  expect(lines.join('\n')).toBe(printed!.trimEnd());
});
