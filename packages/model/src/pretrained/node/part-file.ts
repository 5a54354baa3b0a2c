// An unfinished download that this process owns: a sink on the disk that can be published, given up or dropped.
import { randomInt } from 'node:crypto';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileError } from '@hovernet/core';
import type { DownloadSink, FileVersion } from '../download-sink.js';
import { freePart, keepAlive, listParts, movePart, ownPartPath, removePart, versionPath } from './part-folder.js';

/** How long a part that is written to is taken for this process's own: far shorter than others wait. */
const CHECK_MS = 5_000;

export interface PartFile extends DownloadSink {
  readonly path: string;
  /** Makes it the file `target`, whole and on the disk. */
  publish(): Promise<void>;
  /** Leaves it for the next process, or drops it where it holds nothing. */
  release(): Promise<void>;
  /** Deletes it. */
  drop(): Promise<void>;
  /** @throws FileError if another process took it over, to which this one seemed dead: it was suspended. */
  assertOwn(): Promise<void>;
  /** Whether that was found, by `assertOwn` or another method. */
  readonly wasTaken: boolean;
}

/**
 * The part of `target` that this process is to work on: the largest that was abandoned, or a new one. Undefined while another
 * process works on one. At most one process gets a part, because each looks for others after its own can be seen.
 */
export async function claimPart(target: string): Promise<PartFile | undefined> {
  const found = await listParts(target);
  if (found.some(({ isLive }) => isLive)) return undefined;
  const path = ownPartPath(target);
  let isTaken = false;
  for (const part of found) {
    isTaken = await movePart(part.path, path);
    if (isTaken) break;
  }
  if (!isTaken) await (await open(path, 'wx')).close();
  const part = await openPart(target, path);
  const others = (await listParts(target)).filter((other) => other.isLive && other.path !== path);
  if (others.length === 0) return part;
  await part.release();
  // Two that began at once must not meet again.
  await sleep(randomInt(20, 120));
  return undefined;
}

async function openPart(target: string, path: string): Promise<PartFile> {
  let version = await readVersion(path);
  const file = await open(path, 'r+');
  // A part without its version cannot be continued.
  if (version === undefined) await file.truncate(0);
  const { size, ino } = await file.stat();
  let bytes = size;
  let wasTaken = false;
  let checkedMs = Date.now();
  const assertOwn = async () => {
    wasTaken ||= (await stat(path).catch(() => undefined))?.ino !== ino;
    checkedMs = Date.now();
    if (wasTaken) throw new FileError(path, 'another process goes on with this download');
  };
  const stopHeartbeat = keepAlive(path);
  const close = () => {
    stopHeartbeat();
    return file.close();
  };
  return {
    path,
    assertOwn,
    get bytes() {
      return bytes;
    },
    get version() {
      return version;
    },
    get wasTaken() {
      return wasTaken;
    },
    async restart(next) {
      await assertOwn();
      await file.truncate(0);
      bytes = 0;
      version = next;
      await writeFile(versionPath(path), JSON.stringify(next));
    },
    async write(chunk) {
      // What was taken over may be another version by now.
      if (Date.now() - checkedMs > CHECK_MS) await assertOwn();
      let written = 0;
      while (written < chunk.length) {
        const { bytesWritten } = await file.write(chunk, written, chunk.length - written, bytes);
        written += bytesWritten;
        bytes += bytesWritten;
      }
    },
    async publish() {
      await file.sync();
      await close();
      await assertOwn();
      await rename(path, target);
      await removePart(path);
      for (const part of await listParts(target)) if (!part.isLive) await removePart(part.path);
    },
    async release() {
      await close();
      await assertOwn().catch(() => undefined);
      if (wasTaken) return;
      await (bytes > 0 ? freePart(target, path) : removePart(path));
    },
    async drop() {
      await close();
      await removePart(path);
    },
  };
}

async function readVersion(path: string): Promise<FileVersion | undefined> {
  try {
    const value = JSON.parse(await readFile(versionPath(path), 'utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as FileVersion) : undefined;
  } catch {
    // Missing, or cut off by what ended its process.
    return undefined;
  }
}
