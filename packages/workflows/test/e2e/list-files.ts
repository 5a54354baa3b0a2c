// The files of a folder, however deep.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Paths relative to `folder`, sorted. Hidden files count: unfinished ones begin with a dot. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}
