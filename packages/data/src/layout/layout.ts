// How one arrangement of data sets is read.
import type { TileSuffixes } from './list-tiles.js';
import type { SourceTile } from './source-tile.js';
import type { Taxonomy } from './taxonomy.js';

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
  /** Tiles of a source, sorted by name; names are unique in the data set. Labels that name classes find them in `taxonomy`. */
  listTiles(root: string, source: string, suffixes: TileSuffixes, taxonomy: Taxonomy): Promise<SourceTile[]>;
}
