// Files of a data set that is unpacked somewhere below a folder.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileError } from '@hovernet/core';
import { toFileError } from '@hovernet/files/internal/node';

/** Archives put folders into folders, but not many. */
const deepest = 4;

/** Paths of all files at most four folders below `folder`, hidden ones left out, in code unit order. */
export async function findFiles(folder: string, depth = deepest): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw toFileError(folder, cause);
  });
  const visible = entries.filter(({ name }) => !name.startsWith('.'));
  const names = visible.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name));
  const folders = depth > 0 ? visible.filter((entry) => entry.isDirectory()) : [];
  const deeper = await Promise.all(folders.map(({ name }) => findFiles(join(folder, name), depth - 1)));
  return [...names, ...deeper.flat()].sort();
}

/** The one of `paths` whose file is called `name`; undefined without one. @throws FileError naming `folder` if there are several */
export function findOnly(paths: readonly string[], name: string, folder: string): string | undefined {
  const found = paths.filter((path) => basename(path) === name);
  if (found.length > 1)
    throw new FileError(folder, `expected one ${name}, found ${found.join(' and ')}; name a subfolder`);
  return found[0];
}
