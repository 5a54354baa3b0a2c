// Work on several items at once whose outcome does not depend on how many.
import { availableParallelism } from 'node:os';
import { ArgumentError } from '@hovernet/core';

/** Number of jobs that `jobs` asks for: itself, or one per processor for 0. @throws ArgumentError if it is no count. */
export function resolveJobs(jobs: number): number {
  if (!Number.isInteger(jobs) || jobs < 0) {
    throw new ArgumentError(`jobs: expected a whole number of at least 0 (0: one per processor), got ${jobs}`);
  }
  return jobs === 0 ? availableParallelism() : jobs;
}

/**
 * Calls `createJob` up to `jobs` times and hands each of the functions it returns one item after the other, in order of
 * `items`. After a failure no further item is begun; those under way are waited for, then the failure of the first item
 * that failed is thrown, the one that would have come without concurrency.
 */
export async function runJobs<T>(
  items: readonly T[],
  jobs: number,
  createJob: () => (item: T, index: number) => Promise<void>,
): Promise<void> {
  const failures = new Map<number, unknown>();
  let next = 0;
  const run = async () => {
    const work = createJob();
    while (next < items.length && failures.size === 0) {
      const index = next++;
      try {
        await work(items[index]!, index);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, run));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
}
