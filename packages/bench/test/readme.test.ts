import { runReadmeExample } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('measures what the README measures', async () => {
  const { printed } = await runReadmeExample('bench');
  expect(printed).toMatch(/^tiny on cpu, \d+ threads: [\d.]+ ms, [\d.]+ GFLOP\/s$/);
});
