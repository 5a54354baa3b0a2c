// Arrangements of data sets that preparations read, by name.
import { ArgumentError, UnsupportedError } from '@hovernet/core';
import { consepLayout } from './consep-layout.js';
import type { TileSuffixes } from './list-tiles.js';
import { lizardLayout } from './lizard-layout.js';
import { nuclsLayout } from './nucls-layout.js';
import { pannukeLayout } from './pannuke-layout.js';
import type { SourceTile } from './source-tile.js';
import { builtinTaxonomies, type Taxonomy } from './taxonomy.js';

/** Data sets that are read as they are published. */
export const layoutNames = ['consep', 'pannuke', 'lizard', 'nucls'] as const;

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
 */
export type LayoutName = (typeof layoutNames)[number];

/** A phase and the parts of the data set that it is made of. */
export interface PhaseSources {
  readonly name: string;
  readonly sources: readonly string[];
}

/** What a layout does. */
export interface Layout {
  /** What is prepared where nothing else is asked for. */
  readonly phases: readonly PhaseSources[];
  /** Built-in taxonomy of its labels. */
  readonly taxonomy: string;
  /** Whether other built-in taxonomies may fit, because many data sets come in this layout. */
  readonly anyTaxonomy: boolean;
  /** Tiles of a source, sorted by name; names are unique in the data set. */
  listTiles(root: string, source: string, suffixes: TileSuffixes): Promise<SourceTile[]>;
}

const layouts: Readonly<Record<LayoutName, Layout>> = {
  consep: consepLayout,
  pannuke: pannukeLayout,
  lizard: lizardLayout,
  nucls: nuclsLayout,
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
