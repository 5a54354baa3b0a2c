import { runReadmeExample } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('prints what the README says', async () => {
  const { printed, expected } = await runReadmeExample('core');
  expect(printed).toBe(expected);
});
