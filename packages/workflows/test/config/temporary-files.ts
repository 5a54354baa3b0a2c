// Configuration files of one test file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface TemporaryFiles {
  readonly folder: string;
  /** Writes text, or an object as JSON, and gives the path. */
  readonly write: (name: string, content: object | string) => string;
}

/** A folder that is removed after the tests of the file that asks for it. */
export function createTemporaryFiles(): TemporaryFiles {
  const folder = mkdtempSync(join(tmpdir(), 'hovernet-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    write(name, content) {
      const path = join(folder, name);
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
  };
}
