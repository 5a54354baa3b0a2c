// The images that an argument names: one file, all PNG files of a folder, or a glob.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError } from '@hovernet/core';

/**
 * Paths in lexicographic order. A `*` in the last part of `pattern` stands for any run of characters.
 * @throws FileError if nothing is there.
 */
export async function listImages(pattern: string): Promise<string[]> {
  if (basename(pattern).includes('*')) return matchGlob(pattern);
  const entry = await stat(pattern).catch((cause: unknown) => {
    throw new FileError(pattern, 'no such file or folder; give an image, a folder of PNG images or a glob', {
      missing: true,
      cause,
    });
  });
  return entry.isDirectory() ? matchGlob(join(pattern, '*.png')) : [pattern];
}

async function matchGlob(pattern: string): Promise<string[]> {
  const folder = dirname(pattern);
  const expression = new RegExp(`^${basename(pattern).split('*').map(escapeExpression).join('.*')}$`);
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new FileError(folder, 'no such folder', { missing: true, cause });
  });
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'));
  const found = files.flatMap(({ name }) => (expression.test(name) ? [name] : [])).sort();
  if (found.length === 0) throw new FileError(pattern, 'no image matches', { missing: true });
  return found.map((name) => join(folder, name));
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
