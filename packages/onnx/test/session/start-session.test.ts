import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSessionCache } from '../../src/session/session-cache.js';
import type { SessionThread } from '../../src/session/session-thread.js';
import { startSession } from '../../src/session/start-session.js';

/** A thread that only opens, as `open` does. */
function threadWith(open: SessionThread['open']): SessionThread {
  const unused = () => Promise.reject(new Error('unused'));
  return { version: '', open, take: unused, bind: unused, run: unused, runArrays: unused, close: unused };
}

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hovernet-start-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('starts without the cache where the disk is full, and leaves no part behind', async () => {
  const folder = await openFolder();
  const opened: (string | undefined)[] = [];
  const thread = threadWith(async ({ optimizedModelFilePath }) => {
    opened.push(optimizedModelFilePath && 'to disk');
    if (optimizedModelFilePath === undefined) return;
    await writeFile(optimizedModelFilePath, 'half of it');
    throw new Error('no space left on device');
  });
  expect(await startSession(thread, {}, openSessionCache(folder, 1e9), 'key')).toBe(false);
  expect(opened).toEqual(['to disk', undefined]);
  expect(await readdir(folder)).toEqual([]);
});

it('fails with what the provider says where that does not work either', async () => {
  const folder = await openFolder();
  const thread = threadWith(() => Promise.reject(new Error('no such device')));
  await expect(startSession(thread, {}, openSessionCache(folder, 1e9), 'key')).rejects.toThrow('no such device');
});
