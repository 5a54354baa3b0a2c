// What the files of each image are called, so that no two images share one.
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import type { OutputKind } from '../../config/configuration.js';

/** Files of an image by what they are; those of types are there only if the network has types. */
export type OutputFiles = Readonly<Partial<Record<OutputName, string>>>;

/** What a file holds, as it is called in the command's JSON document. */
export type OutputName = keyof typeof endings;

const endings = {
  instance_map: '_instance_map.nii.gz',
  type_map: '_type_map.nii.gz',
  instance_map_npy: '_instance_map.npy',
  type_map_npy: '_type_map.npy',
  instance_map_png: '_instance_map.png',
  type_map_png: '_type_map.png',
  instance_colors: '_instance_colors.png',
  nuclei: '.json',
  overlay: '_overlay.png',
  raw: '_raw.npz',
} as const;

const namesOfKind: Readonly<Record<OutputKind, readonly OutputName[]>> = {
  nifti: ['instance_map', 'type_map'],
  npy: ['instance_map_npy', 'type_map_npy'],
  png: ['instance_map_png', 'type_map_png'],
  colors: ['instance_colors'],
  json: ['nuclei'],
  overlay: ['overlay'],
  raw: ['raw'],
};

/** An image and what its files are called, folders below the output folder included. */
export interface NamedImage {
  readonly path: string;
  readonly name: string;
}

/** Paths of the files of image `name` in `folder`. */
export function listOutputs(
  folder: string,
  name: string,
  { kinds, typed }: { readonly kinds: readonly OutputKind[]; readonly typed: boolean },
): OutputFiles {
  const names = kinds.flatMap((kind) => namesOfKind[kind]).filter((output) => typed || !output.startsWith('type_'));
  return Object.fromEntries(names.map((output) => [output, join(folder, name + endings[output])]));
}

/**
 * Names for images: the file's without its extension. Where images would share one, also on systems that do not tell upper
 * from lower case, they get the folders in which they differ, then their extensions, then numbers. Names depend on which images
 * are given, not on their order.
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
  const taken = new Set<string>();
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
    images.flatMap(({ name }) => Object.values(endings).map((ending) => resolve(folder, name + ending))),
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
