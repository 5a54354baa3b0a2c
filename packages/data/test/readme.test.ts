import { runReadmeExample, workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { temporaryFolder } from './helpers.js';

it('runs the example of the README and gets what it says', async () => {
  const { readme, printed } = await runReadmeExample('data', {
    given: { out: temporaryFolder() },
    replace: { 'samples/nucls': workspacePath('samples/nucls') },
  });
  const lines = printed.split('\n');
  expect(lines).toHaveLength(6);
  for (const line of [lines[0]!, lines[5]!]) expect(readme).toContain(`\`${line}\``);
});
