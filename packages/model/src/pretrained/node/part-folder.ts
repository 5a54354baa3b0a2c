// Unfinished downloads of one file in a folder that processes share. A name says whose it is: `<file>.<owner>.part`. To take
// one over is to rename it, which succeeds for one process only.
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { mayRun, ownerName } from '@hovernet/files/internal/node';

/** A download that is not touched for so long has lost its process. */
const ABANDONED_AFTER_MS = 60_000;

/** Twice before others think that the process is gone, with time to spare. */
const HEARTBEAT_MS = 20_000;

export interface FoundPart {
  readonly path: string;
  readonly bytes: number;
  /** Whether a process is at work on it. */
  readonly isLive: boolean;
}

/** Beside a part: what the server said of the file. */
export function versionPath(part: string): string {
  return `${part}.json`;
}

/** A name for a part of `target` of this process. */
export function ownPartPath(target: string): string {
  return `${target}.${ownerName()}-${randomUUID()}.part`;
}

/** Every part of `target`, the largest first. */
export async function listParts(target: string): Promise<FoundPart[]> {
  const prefix = `${basename(target)}.`;
  const names = (await readdir(dirname(target))).filter((name) => name.startsWith(prefix) && name.endsWith('.part'));
  const parts = await Promise.all(
    names.map(async (name) => {
      const path = join(dirname(target), name);
      const info = await stat(path).catch(() => undefined);
      if (!info) return undefined;
      const isFresh = info.mtimeMs > Date.now() - ABANDONED_AFTER_MS;
      return { path, bytes: info.size, isLive: isFresh && isOwned(name.slice(prefix.length)) };
    }),
  );
  return parts.filter((part) => part !== undefined).sort((a, b) => b.bytes - a.bytes);
}

/** Renames a part with what belongs to it; false if it is not there any more. */
export async function movePart(from: string, to: string): Promise<boolean> {
  try {
    // First, so that under its new name it is never taken for abandoned.
    await touch(from);
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  // Without it the download begins anew, so a failure between the two loses time only.
  await rename(versionPath(from), versionPath(to)).catch(() => undefined);
  return true;
}

/** Releases a part of this process, so that another can resume it. */
export async function freePart(target: string, path: string): Promise<void> {
  await movePart(path, `${target}.free-${randomUUID()}.part`);
}

export async function removePart(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(versionPath(path), { force: true });
}

/** Shows others, until the returned function is called, that this process is at work even when nothing comes. */
export function keepAlive(path: string): () => void {
  const timer = setInterval(() => void touch(path).catch(() => undefined), HEARTBEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function touch(path: string): Promise<void> {
  const now = new Date();
  return utimes(path, now, now);
}

function isOwned(owner: string): boolean {
  return !owner.startsWith('free-') && mayRun(owner);
}
