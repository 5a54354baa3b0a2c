// Arrangements of data sets that preparations read, by name.
import { ArgumentError, UnsupportedError } from '@hovernet/core';
import { createDrawnLayout } from './drawn-layout.js';
import type { Layout } from './layout.js';
import { listTiles } from './list-tiles.js';
import { lizardLayout } from './lizard-layout.js';
import { nuclsLayout } from './nucls-layout.js';
import { pannukeLayout } from './pannuke-layout.js';
import { toSourceTile } from './read-tile.js';
import { builtinTaxonomies, type Taxonomy } from './taxonomy.js';

/** Data sets that are read as they are published, and labels that people drew. */
export const layoutNames = ['consep', 'pannuke', 'lizard', 'nucls', 'geojson', 'labels'] as const;

/**
 * How a data set is stored.
 *
 * - `consep`: `{root}/{source}/Images` and `{root}/{source}/Labels`, a .mat for each image with `inst_map` and `type_map`, or
 *   with `inst_map`, `id` and `class`.
 * - `pannuke`: a folder for each fold, in it `images.npy` `[n, h, w, 3]`, `masks.npy` `[n, h, w, 6]` and, if present,
 *   `types.npy`, at any depth. A source is a fold's folder.
 * - `lizard`: images, .mat labels and `info.csv` at any depth. A source is a split of info.csv: 1, 2 or 3.
 * - `nucls`: folders `rgb` and `csv`. A source is a folder that holds the two, or a table of slides beside them, such as
 *   `train_test_splits/fold_1_train.csv`.
 * - `geojson`: as `consep`, with QuPath's annotations `Labels/NAME.geojson`.
 * - `labels`: as `consep`, with an image of ids `Labels/NAME.tif` or `NAME.npy`, and `NAME.csv` (`id,type`) or `NAME.json`.
 */
export type LayoutName = (typeof layoutNames)[number];

/** CoNSeP, and whatever is arranged like it: a folder for each phase. */
const consepLayout: Layout = {
  phases: [
    { name: 'Train', sources: ['Train'] },
    { name: 'Test', sources: ['Test'] },
  ],
  taxonomy: 'consep',
  anyTaxonomy: true,
  listTiles: async (root, source, suffixes) =>
    (await listTiles(root, source, suffixes)).map((tile) => toSourceTile(tile)),
};

const layouts: Readonly<Record<LayoutName, Layout>> = {
  consep: consepLayout,
  pannuke: pannukeLayout,
  lizard: lizardLayout,
  nucls: nuclsLayout,
  geojson: createDrawnLayout('geojson'),
  labels: createDrawnLayout('labels'),
};

/** The layout called `name`. @throws UnsupportedError if there is none. */
export function findLayout(name: string): Layout {
  if ((layoutNames as readonly string[]).includes(name)) return layouts[name as LayoutName];
  throw new UnsupportedError(`layout '${name}' is not supported; use one of ${layoutNames.join(', ')}`);
}

/** Name of the built-in taxonomy whose type ids are those of a layout's labels. @throws UnsupportedError for no layout. */
export function taxonomyOfLayout(name: string): string {
  return findLayout(name).taxonomy;
}

/**
 * Throws an ArgumentError where `taxonomy` is a built-in one of another data set: the numbers of types would fit, and
 * their meanings would not.
 */
export function assertTaxonomyFits(taxonomy: Taxonomy, layoutName: string): void {
  const layout = findLayout(layoutName);
  const isForeign =
    (builtinTaxonomies as readonly string[]).includes(taxonomy.name) && taxonomy.name !== layout.taxonomy;
  if (layout.anyTaxonomy || !isForeign) return;
  throw new ArgumentError(
    `layout ${layoutName}: expected taxonomy ${layout.taxonomy} or one of your own, got ${taxonomy.name}, whose type ids ` +
      `mean something else`,
  );
}
