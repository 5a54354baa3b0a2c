import { runReadmeExample, workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { temporaryFolder } from './helpers.js';

it('runs the example of the README and gets what it says', async () => {
  const { printed, expected } = await runReadmeExample('files', {
    given: { out: temporaryFolder() },
    replace: { 'samples/nucls': workspacePath('samples/nucls') },
  });
  expect(printed).toBe(expected);
});
