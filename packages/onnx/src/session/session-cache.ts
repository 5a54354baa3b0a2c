// Optimised models on disk. A file is named for what it was made from and for what it contains: it can be checked without
// anything beside it, and processes that share the folder cannot mix their parts.
import { randomUUID, webcrypto } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Changes when what is stored, or how it is named, does. */
const FORMAT = 1;

/** Temporary files older than this were left by a process that ended. */
const ABANDONED_AFTER_MS = 3_600_000;

export interface SessionCache {
  /** Name for a model made from `model` under `facts`: everything else that its optimised form depends on. */
  keyOf(model: Uint8Array, facts: Readonly<Record<string, unknown>>): Promise<string>;
  /** The optimised model under `key`; a damaged one is deleted and not found. */
  find(key: string): Promise<string | undefined>;
  /** Deletes what {@link find} gave: it cannot be used. */
  discard(path: string): Promise<void>;
  /** Where a new one may be written; undefined if the folder cannot be written. */
  reserve(): Promise<string | undefined>;
  /** Keeps what was written to `path` under `key`, and drops what was not used longest until all fits the limit. */
  keep(key: string, path: string): Promise<void>;
}

/** A cache in `folder` (made when needed) of at most `limitBytes`. */
export function openSessionCache(folder: string, limitBytes: number): SessionCache {
  const cache: SessionCache = {
    async keyOf(model, facts) {
      const content = await sha256(model);
      return sha256(new TextEncoder().encode(JSON.stringify({ ...facts, FORMAT, content })));
    },
    async find(key) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((candidate) => candidate.startsWith(`${key}-`))) {
        const path = join(folder, name);
        const bytes = await readFile(path).catch(() => undefined);
        if (bytes && name === fileName(key, await sha256(bytes))) {
          const now = new Date();
          await utimes(path, now, now).catch(() => undefined);
          return path;
        }
        await cache.discard(path);
      }
      return undefined;
    },
    async discard(path) {
      await rm(path, { force: true }).catch(() => undefined);
    },
    async reserve() {
      try {
        await mkdir(folder, { recursive: true });
        return join(folder, `${randomUUID()}.tmp`);
      } catch {
        return undefined;
      }
    },
    async keep(key, path) {
      try {
        await rename(path, join(folder, fileName(key, await sha256(await readFile(path)))));
        await trim(folder, limitBytes);
      } catch {
        // A full or read-only disk costs the next start some seconds, not this run.
        await cache.discard(path);
      }
    },
  };
  return cache;
}

function fileName(key: string, content: string): string {
  return `${key}-${content}.onnx`;
}

/** Hexadecimal; computed outside the calling thread. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Buffer.from(digest).toString('hex').slice(0, 40);
}

async function trim(folder: string, limitBytes: number): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const info = await stat(path).catch(() => undefined);
      return { path, bytes: info?.size ?? 0, usedMs: info?.mtimeMs ?? 0, temporary: name.endsWith('.tmp') };
    }),
  );
  const kept = entries.filter(({ temporary }) => !temporary).sort((a, b) => b.usedMs - a.usedMs);
  let total = 0;
  const dropped = kept.filter(({ bytes }) => (total += bytes) > limitBytes);
  const abandoned = entries.filter(({ temporary, usedMs }) => temporary && usedMs < Date.now() - ABANDONED_AFTER_MS);
  for (const { path } of [...dropped, ...abandoned]) await rm(path, { force: true }).catch(() => undefined);
}
