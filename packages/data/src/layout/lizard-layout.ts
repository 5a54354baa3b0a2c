// Lizard (Graham et al. 2021): images in one or two folders, .mat labels and a table of splits.
import { basename, join } from 'node:path';
import { FileError } from '@hovernet/core';
import { readCsv } from '@hovernet/files/internal/node';
import { findFiles, findOnly } from './find-files.js';
import type { Layout } from './layout.js';
import { toSourceTile } from './read-tile.js';

export const lizardLayout: Layout = {
  phases: [
    { name: 'Train', sources: ['1', '2'] },
    { name: 'Test', sources: ['3'] },
  ],
  taxonomy: 'lizard',
  anyTaxonomy: false,
  listTiles: async (root, source, { imageSuffix = 'png', labelSuffix = 'mat' }) => {
    const paths = await findFiles(root);
    const tablePath = findOnly(paths, 'info.csv', root);
    if (tablePath === undefined) {
      const problem = 'no such file here or below; for folders PHASE/Images and PHASE/Labels use layout consep';
      throw new FileError(join(root, 'info.csv'), problem, { missing: true });
    }
    const rows = await readCsv(tablePath, ['Filename', 'Split']);
    const names = rows.filter(({ Split }) => Split === source).map(({ Filename }) => Filename.replace(/\.png$/i, ''));
    if (names.length === 0) {
      const splits = [...new Set(rows.map(({ Split }) => Split))].sort();
      throw new FileError(tablePath, `no image of split ${source}; it has ${splits.join(', ') || 'none'}`);
    }
    const images = indexByName(paths, `.${imageSuffix}`);
    const labels = indexByName(paths, `.${labelSuffix}`);
    return names.sort().map((name) => {
      const imagePath = requireFile(images, name, { root, ending: `.${imageSuffix}`, tablePath });
      const labelPath = requireFile(labels, name, { root, ending: `.${labelSuffix}`, tablePath });
      return toSourceTile({ name, imagePath, labelPath });
    });
  },
};

/** Paths that end in `ending` by their names without it. */
function indexByName(paths: readonly string[], ending: string): ReadonlyMap<string, string> {
  return new Map(paths.filter((path) => path.endsWith(ending)).map((path) => [basename(path, ending), path]));
}

function requireFile(
  files: ReadonlyMap<string, string>,
  name: string,
  wanted: { readonly root: string; readonly ending: string; readonly tablePath: string },
): string {
  const path = files.get(name);
  if (path !== undefined) return path;
  const problem = `no such file here or below, but ${wanted.tablePath} lists it`;
  throw new FileError(join(wanted.root, name + wanted.ending), problem, { missing: true });
}
