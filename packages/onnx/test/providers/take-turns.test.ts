import type { HostArray, HostData } from '@hovernet/ops';
import { expect, it } from 'vitest';
import type { SessionThread } from '../../src/session/session-thread.js';
import { takeTurns } from '../../src/session/take-turns.js';

/** A thread that takes its time and writes down when it begins and ends what. */
function slowThread(name: string, log: string[], fails = false): SessionThread {
  const work = async (what: string): Promise<void> => {
    log.push(`${name} ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(`${name} ${what} done`);
    if (fails) throw new Error(`${name} fails`);
  };
  return {
    version: '1',
    take: () => Promise.resolve(),
    bind: () => Promise.resolve(),
    open: () => work('open'),
    close: () => work('close'),
    runArrays: () => Promise.reject(new Error('unused')),
    run: async ({ x }): Promise<Record<string, HostArray>> => {
      const before = x!.slice();
      await work('run');
      return { y: { data: before, shape: [1] } };
    },
  };
}

const one = (): Record<string, HostData> => ({ x: Float32Array.of(1) });

it('lets one session work at a time, in the order of the calls', async () => {
  const log: string[] = [];
  const [a, b] = [takeTurns(slowThread('a', log)), takeTurns(slowThread('b', log))];
  await Promise.all([a.open({}), b.open({}), a.run(one()), b.run(one()), a.close(), b.close()]);
  const calls = ['a open', 'b open', 'a run', 'b run', 'a close', 'b close'];
  expect(log).toEqual(calls.flatMap((call) => [call, `${call} done`]));
});

it('goes on after a session that fails', async () => {
  const log: string[] = [];
  const [a, b] = [takeTurns(slowThread('a', log, true)), takeTurns(slowThread('b', log))];
  const [failed, passed] = await Promise.allSettled([a.run(one()), b.run(one())]);
  expect([failed.status, passed.status]).toEqual(['rejected', 'fulfilled']);
});

it('computes with the feeds as they were at the call, though they must wait', async () => {
  const [a, b] = [takeTurns(slowThread('a', [])), takeTurns(slowThread('b', []))];
  const feeds = one();
  const first = a.run(feeds);
  const second = b.run(feeds);
  feeds['x']!.fill(9);
  expect([(await first)['y']!.data[0], (await second)['y']!.data[0]]).toEqual([1, 1]);
});
