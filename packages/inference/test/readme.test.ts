import { runReadmeExample, workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('prints what the README says', async () => {
  const crop = 'samples/nucls/Test/Images/test_1.png';
  const { printed, expected } = await runReadmeExample('inference', { replace: { [crop]: workspacePath(crop) } });
  expect(printed).toBe(expected);
});
