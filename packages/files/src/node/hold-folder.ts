// One writer at a time: a file in a folder says which process writes there.
import { link, mkdir, readFile, rename, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { FileError } from '@hovernet/core';
import { mayRun, ownerName } from './process-owner.js';
import { toFileError } from './to-file-error.js';

/** In a folder that is being written to. */
export const lockName = '.hovernet.lock';

/** What the file holds. */
interface Lock {
  /** See ownerName. */
  readonly owner: string;
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** Locks of this process: another one with its number has ended. */
const held = new Set<string>();

/**
 * Keeps other processes that ask from writing to `folder`, which is made where it is not there, until the returned function is
 * called. What a process left that has ended, also by force, keeps nobody.
 * @throws FileError where another process writes there, naming it, or where the folder cannot be written.
 */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(resolve(folder), lockName);
  const created = await makeFolder(folder);
  const lock: Lock = { owner: ownerName(), pid: process.pid, host: hostname(), since: new Date().toISOString() };
  // A second attempt follows the removal of a lock whose process has ended.
  for (let attempt = 0; !(await writeLock(path, lock)); attempt++) {
    const other = await readLock(path);
    if (attempt > 2 || (await isAlive(path, other))) throw refuse(folder, path, other);
    await removeStale(path, other);
  }
  held.add(path);
  return async () => {
    if (!held.delete(path)) return;
    await unlink(path).catch(() => undefined);
    await removeEmpty(resolve(folder), created);
  };
}

async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw toFileError(folder, cause);
  }
}

/** Whether the lock is ours now; false where one is there. */
async function writeLock(path: string, lock: Lock): Promise<boolean> {
  try {
    await writeFile(path, `${JSON.stringify(lock)}\n`, { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw toFileError(path, cause);
  }
}

/** null for one that is gone, or not written whole. */
async function readLock(path: string): Promise<Lock | null> {
  try {
    const lock = JSON.parse(await readFile(path, 'utf8')) as Lock;
    return typeof lock.owner === 'string' ? lock : null;
  } catch {
    return null;
  }
}

/** Whether somebody holds the lock; one that is not written whole may be under way for some seconds. */
async function isAlive(path: string, lock: Lock | null): Promise<boolean> {
  if (lock !== null) return lock.owner === ownerName() ? held.has(path) : mayRun(lock.owner);
  const entry = await stat(path).catch(() => undefined);
  return entry !== undefined && Date.now() - entry.mtimeMs < 5000;
}

/** Removes the lock that was found to be `stale`; one that another process has put in its place meanwhile is put back. */
async function removeStale(path: string, stale: Lock | null): Promise<void> {
  const aside = `${path}.${ownerName()}`;
  await rename(path, aside).catch(() => undefined);
  const removed = await readLock(aside);
  if (removed !== null && JSON.stringify(removed) !== JSON.stringify(stale))
    await link(aside, path).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

/** Removes the folders that were made for nothing, `folder` and those around it up to `first`. */
async function removeEmpty(folder: string, first: string | undefined): Promise<void> {
  for (let at = folder; first !== undefined && at.startsWith(first); at = dirname(at)) {
    if (
      !(await rmdir(at).then(
        () => true,
        () => false,
      ))
    )
      return;
  }
}

function refuse(folder: string, path: string, lock: Lock | null): FileError {
  const who = lock === null ? 'another process' : `process ${lock.pid} on ${lock.host}, since ${lock.since},`;
  return new FileError(
    folder,
    `${who} writes to this folder; wait for it, choose another folder, or delete ${path} if it has ended`,
  );
}
