// Threads of this process, for tests that none is left behind.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const tasks = '/proc/self/task';

/** Whether the system tells. */
export const canCountThreads = existsSync(tasks);

/** Threads once those that are ending have had the time to end. */
export async function countThreads(): Promise<number> {
  // Reading starts all threads of Node's pool.
  await Promise.all(Array.from({ length: 8 }, () => readFile(new URL(import.meta.url))));
  await wait(50);
  return readdirSync(tasks).length;
}
