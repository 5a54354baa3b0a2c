import { createSilentReporter, HovernetError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { javascriptRunner, measureCase } from '../src/measure-case.js';
import type { BenchContext } from '../src/bench-case.js';

function createContext(signal = new AbortController().signal): BenchContext {
  return { signal, reporter: createSilentReporter() };
}

/** Work whose runs take `durations`, the first one for warming up, on a clock of its own. */
function createWork(durations: readonly number[]) {
  let time = 0;
  let count = 0;
  const run = () => void (time += durations[count++]!);
  return { name: 'work', runner: javascriptRunner, now: () => time, run, counted: () => count };
}

describe('measureCase', () => {
  it('gives median and minimum of the runs after the first', async () => {
    const odd = await measureCase({ ...createWork([100, 5, 1, 3]), runs: 3 }, createContext());
    expect(odd).toMatchObject({ case: 'work', median_ms: 3, min_ms: 1, runs: 3, gflops: null });
    const even = await measureCase({ ...createWork([100, 8, 2, 4, 6]), runs: 4 }, createContext());
    expect(even).toMatchObject({ median_ms: 5, min_ms: 2, runs: 4 });
  });

  it('counts the first run where nothing is warmed up', async () => {
    const work = createWork([7]);
    const measured = await measureCase({ ...work, runs: 1, warmUp: false }, createContext());
    expect([measured.median_ms, work.counted()]).toEqual([7, 1]);
  });

  it('waits for work that is asynchronous', async () => {
    let time = 0;
    const run = () => Promise.resolve().then(() => (time += 4));
    const work = { name: 'later', runs: 2, runner: javascriptRunner, now: () => time, run };
    expect(await measureCase(work, createContext())).toMatchObject({ median_ms: 4, min_ms: 4 });
  });

  it('divides the operations by the median time', async () => {
    const work = { ...createWork([1, 2000]), runs: 1, operations: 6e9 };
    expect((await measureCase(work, createContext())).gflops).toBeCloseTo(3, 12);
  });

  it('says how much memory there was', async () => {
    const { peak_rss_mb: peak } = await measureCase({ ...createWork([1, 1]), runs: 1 }, createContext());
    expect(peak).toBeGreaterThan(10);
    expect(peak).toBeLessThan(100_000);
  });

  it('stops between two runs when it is interrupted', async () => {
    const controller = new AbortController();
    const work = createWork([1, 1, 1, 1]);
    const run = () => {
      work.run();
      if (work.counted() === 2) controller.abort(new HovernetError('INTERRUPTED', 'interrupted'));
    };
    const measuring = measureCase({ ...work, run, runs: 3 }, createContext(controller.signal));
    await expect(measuring).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(work.counted()).toBe(2);
  });
});
