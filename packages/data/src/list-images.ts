// The images that arguments name: files, folders and globs.
import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { FileError } from '@hovernet/core';
import { glob, isDynamicPattern } from 'tinyglobby';

/** What is taken of a folder; other files must be named, or matched by a glob. */
const folderPattern = '*.{png,jpg,jpeg,tif,tiff,svs,ndpi,mrxs,scn,bif}';
/** Files of which a folder of them alone is one slide. */
const slidePartPattern = '*.dcm';

/** Where the images lie below a data set's folder, as the bundle has them. */
const layoutFolders = ['Test/Images', 'Images'];

/**
 * Paths in lexicographic order, each once. A folder stands for the PNG, JPEG and TIFF images and the slides in it, or, where it
 * has none, for those in its `Test/Images` or `Images`; one with DICOM files alone is a slide itself. In a glob `**` stands for
 * any folders, `{a,b}` for alternatives. Hidden files are left out.
 * @throws FileError for an argument that names nothing.
 */
export async function listImages(inputs: string | readonly string[]): Promise<string[]> {
  const found = await Promise.all([inputs].flat().map((input) => listInput(input)));
  const paths = new Map(found.flat().map((path) => [resolve(path), path]));
  return Array.from(paths.values()).sort();
}

async function listInput(input: string): Promise<string[]> {
  const entry = await stat(input).catch(() => undefined);
  if (entry && !entry.isDirectory()) return [input];
  if (entry) {
    if ((await match(folderPattern, input)).length === 0 && (await match(slidePartPattern, input)).length > 0)
      return [input];
    for (const folder of [input, ...layoutFolders.map((name) => join(input, name))]) {
      const images = await match(folderPattern, folder);
      if (images.length > 0) return images;
    }
    throw new FileError(join(input, folderPattern), 'no image matches', { missing: true });
  }
  const { folder, pattern } = await splitGlob(input);
  if (!isDynamicPattern(pattern)) {
    throw new FileError(input, 'no such file or folder; give an image, a folder of images or a glob', {
      missing: true,
    });
  }
  const images = await match(pattern, folder);
  if (images.length === 0) throw new FileError(input, 'no image matches', { missing: true });
  return images;
}

/** The leading parts of a glob that are a folder as they stand, and the rest, in which parentheses are only characters. */
async function splitGlob(input: string): Promise<{ readonly folder: string; readonly pattern: string }> {
  const parts = input.split(sep).join('/').split('/');
  let depth = 0;
  while (depth < parts.length - 1 && (await isFolder(parts.slice(0, depth + 1).join('/') || '/'))) depth++;
  return {
    folder: parts.slice(0, depth).join('/') || (depth > 0 ? '/' : ''),
    pattern: parts.slice(depth).join('/').replace(/[()]/g, '\\$&'),
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

async function match(pattern: string, folder: string): Promise<string[]> {
  const isOurs = pattern === folderPattern || pattern === slidePartPattern;
  const options = { expandDirectories: false, extglob: false, caseSensitiveMatch: !isOurs };
  return (await glob(pattern, { ...options, cwd: resolve(folder) })).map((name) => join(folder, name));
}
