import { readFileSync } from 'node:fs';
import { workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { batch } from './readme-example.js';

it('shows an example that runs and gives the shapes it names', () => {
  const example = readFileSync(workspacePath('packages/transforms/test/readme-example.ts'), 'utf8');
  const readme = readFileSync(workspacePath('packages/transforms/README.md'), 'utf8');
  expect(readme).toContain(example.replace('../src/index.js', '@hovernet/transforms'));
  expect(batch.shapes).toEqual({
    image: [1, 3, 256, 256],
    np: [1, 2, 164, 164],
    hv: [1, 2, 164, 164],
    nc: [1, 5, 164, 164],
  });
  for (const [name, shape] of Object.entries(batch.shapes)) {
    expect(readme.replaceAll('\n', ' ')).toContain(`\`${name}\` [${shape.join(', ')}]`);
  }
});
