import { runReadmeExample, workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('prints what the README says', async () => {
  const { printed, expected } = await runReadmeExample('slides', {
    replace: { 'samples/slides': workspacePath('samples/slides') },
  });
  expect(printed).toBe(expected);
});
