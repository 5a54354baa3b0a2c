import { runReadmeExample } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('prints what the README says', async () => {
  const { printed, expected } = await runReadmeExample('onnx');
  expect(printed).toBe(expected);
});
