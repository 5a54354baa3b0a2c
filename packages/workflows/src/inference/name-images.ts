// What the files of each image are called, so that no two images share one.
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { listFormatFiles, resultFormats } from '@hovernet/export/formats';

/** An image and what its files are called, folders below the output folder included. */
export interface NamedImage {
  readonly path: string;
  readonly name: string;
}

/** Whose `.json` is the run's own. */
const reserved = ['infer_config'];

/**
 * Names for images: the file's without its extension. Where images would share one, also on systems that do not tell upper
 * from lower case, they get the folders in which they differ, then their extensions, then numbers. Names depend on which images
 * are given, not on their order. None is that of the saved configuration.
 */
export function nameImages(paths: readonly string[]): NamedImage[] {
  const root = commonFolder(paths);
  const folderOf = (path: string) => relative(root, dirname(resolve(path)));
  const rules = [
    (path: string) => basename(path, extname(path)),
    (path: string) => join(folderOf(path), basename(path, extname(path))),
    (path: string) => join(folderOf(path), basename(path)),
  ];
  const names = new Map<string, string>();
  const taken = new Set<string>(reserved);
  const take = (path: string, name: string) => {
    names.set(path, name);
    taken.add(name.toLowerCase());
  };
  for (const nameOf of rules) {
    const open = paths.filter((path) => !names.has(path));
    const claims = new Map<string, number>();
    for (const path of open) {
      const key = nameOf(path).toLowerCase();
      claims.set(key, (claims.get(key) ?? 0) + 1);
    }
    for (const path of open) {
      const key = nameOf(path).toLowerCase();
      if (claims.get(key) === 1 && !taken.has(key)) take(path, nameOf(path));
    }
  }
  for (const path of paths.filter((open) => !names.has(open)).sort()) {
    let name = rules.at(-1)!(path);
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${rules.at(-1)!(path)}-${number}`;
    take(path, name);
  }
  return paths.map((path) => ({ path, name: names.get(path)! }));
}

/**
 * Without what inference writes into `folder` for other images of the list, such as `a_overlay.png` beside `a.png`: results
 * of a former run.
 */
export function leaveOutOutputs(
  images: readonly NamedImage[],
  folder: string,
): { readonly images: readonly NamedImage[]; readonly leftOut: readonly string[] } {
  const written = new Set(
    images.flatMap(({ name }) =>
      listFormatFiles(resultFormats, true).map(({ ending }) => resolve(folder, name + ending)),
    ),
  );
  const isOutput = ({ path }: NamedImage) => written.has(resolve(path));
  return {
    images: images.filter((image) => !isOutput(image)),
    leftOut: images.filter(isOutput).map(({ path }) => path),
  };
}

/** The deepest folder that holds all of `paths`. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => dirname(resolve(path)));
  const holds = (outer: string, inner: string) => {
    const way = relative(outer, inner);
    return !way.startsWith('..') && !isAbsolute(way);
  };
  let common = folders[0] ?? '.';
  while (dirname(common) !== common && !folders.every((folder) => holds(common, folder))) common = dirname(common);
  return common;
}
