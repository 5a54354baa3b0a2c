import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { resolveJobs, runJobs } from '../src/run-jobs.js';

const items = Array.from({ length: 9 }, (_, index) => index);

describe('runJobs', () => {
  it.each([1, 3, 20])('hands out every item once, in order, to at most %i at a time', async (jobs) => {
    const begun: number[] = [];
    let atWork = 0;
    let most = 0;
    let created = 0;
    await runJobs(items, jobs, () => {
      created++;
      return async (item, index) => {
        expect(index).toBe(item);
        begun.push(item);
        most = Math.max(most, ++atWork);
        await wait(item % 3);
        atWork--;
      };
    });
    expect(begun).toEqual(items);
    expect([most, created]).toEqual([Math.min(jobs, 9), Math.min(jobs, 9)]);
  });

  it('throws what the first failing item threw, after the items under way are done', async () => {
    const done: number[] = [];
    const run = runJobs(items, 3, () => async (item) => {
      await wait(item === 1 ? 20 : 1);
      if (item === 1 || item === 2) throw new Error(`item ${item}`);
      done.push(item);
    });
    await expect(run).rejects.toThrow('item 1');
    expect(done).not.toContain(8);
    const before = done.length;
    await wait(30);
    expect(done).toHaveLength(before);
  });

  it('has nothing to do for no items', async () => {
    await expect(runJobs([], 4, () => () => Promise.reject(new Error('called')))).resolves.toBeUndefined();
  });
});

describe('resolveJobs', () => {
  it('takes 0 as one job per processor and refuses what is no count', () => {
    expect([resolveJobs(3), resolveJobs(0)]).toEqual([3, availableParallelism()]);
    expect(() => resolveJobs(-1)).toThrow('jobs: expected a whole number of at least 0');
    expect(() => resolveJobs(1.5)).toThrow('got 1.5');
  });
});
