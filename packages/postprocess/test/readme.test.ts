import { readFileSync } from 'node:fs';
import * as core from '@hovernet/core';
import { workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('the example of the README gives the result that it states', () => {
  const readme = readFileSync(workspacePath('packages/postprocess/README.md'), 'utf8');
  const code = /```ts\n([^]*?)```/
    .exec(readme)![1]!
    .replace(/^import .*$/gm, '')
    .replaceAll(': number', '');
  const names = { ...core, ...api };
  const run = new Function(...Object.keys(names), `${code}; return nuclei;`) as (
    ...values: unknown[]
  ) => core.Nucleus[];
  const nuclei = run(...Object.values(names));
  expect(nuclei).toHaveLength(1);
  expect(nuclei[0]).toMatchObject({ id: 1, box: [7, 5, 26, 24], centroid: [16, 14], type: 2 });
  expect(nuclei[0]!.typeProbability).toBeCloseTo(1, 6);
  expect(readme).toContain('{ id: 1, box: [7, 5, 26, 24], centroid: [16, 14], type: 2, typeProbability: 0.999…');
});
