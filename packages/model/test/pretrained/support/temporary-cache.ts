// A cache folder and a server for each test.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openFileServer, type FileServer, type ServedFile } from './file-server.js';

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** An empty folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hovernet-pretrained-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server that is closed after the test. */
export async function serve(file: ServedFile): Promise<FileServer> {
  const server = await openFileServer(file);
  cleanups.push(() => server.close());
  return server;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Names of the files of `folder` that are unfinished, or belong to those. */
export function unfinished(folder: string): string[] {
  return readdirSync(folder).filter((name) => /\.part(\.json)?$/.test(name));
}
