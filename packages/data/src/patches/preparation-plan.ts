// What a preparation will do; everything that can be wrong is found while planning, before a folder is touched.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { ArgumentError, FileError } from '@hovernet/core';
import { toFileError } from '@hovernet/files/internal/node';
import type { PhaseSources } from '../layout/layout.js';
import { assertTaxonomyFits, findLayout, type LayoutName } from '../layout/layouts.js';
import type { TileSuffixes } from '../layout/list-tiles.js';
import { assertKnownTypes, mayBeMerged } from '../layout/map-types.js';
import type { SourceTile } from '../layout/source-tile.js';
import { loadTaxonomy, type Taxonomy } from '../layout/taxonomy.js';
import { resolveJobs } from '../run-jobs.js';
import { assertPatchFormat, isPreparedFile, type PatchFormat } from './patch-format.js';
import { listPatchOrigins, type PatchGrid } from './patch-grid.js';

/** Options of preparePatches. */
export interface PreparePatchesOptions extends TileSuffixes {
  /** Folder of the data set. */
  readonly root: string;
  /** How it is stored there. @default 'consep': `{root}/{phase}/Images`, `{root}/{phase}/Labels` */
  readonly layout?: LayoutName;
  /** Folder for the prepared phases. @default '{root}/Prepared' */
  readonly out?: string;
  /**
   * What to prepare. A name alone stands for the source of the same name.
   * @default the layout's: phases Train and Test
   */
  readonly phases?: readonly (string | PhaseSources)[];
  /**
   * Share of the tiles of phase `Train` that become a phase `Validation`, 0…1: whole tiles, spread evenly over their order.
   * @default 0
   */
  readonly validationFraction?: number;
  /** @default 'mirror' */
  readonly type?: PatchGrid['type'];
  /** Height and width, pixels. @default [540, 540] */
  readonly patchSize?: PatchGrid['patchSize'];
  /** Vertical and horizontal distance of patches, pixels. @default [164, 164] */
  readonly step?: PatchGrid['step'];
  /** @default 'npy' */
  readonly format?: PatchFormat;
  /** Tiles worked on at the same time, 0 for one per processor; the files do not depend on it. @default 0 */
  readonly jobs?: number;
  /** Refuses tiles whose labels cannot be right: see LabelAudit. @default false */
  readonly strict?: boolean;
  /** Classes to map types to. @default the built-in one of the layout */
  readonly taxonomy?: Taxonomy;
  /**
   * What to do when the labels may have been merged already, which mapping them again would spoil: `refuse` throws,
   * `map` goes on. @default 'refuse'
   */
  readonly ambiguousTypes?: 'refuse' | 'map';
}

/** A checked preparation. */
export interface PreparationPlan {
  readonly phases: readonly { readonly name: string; readonly tiles: readonly SourceTile[]; readonly folder: string }[];
  readonly grid: PatchGrid;
  readonly format: PatchFormat;
  readonly jobs: number;
  readonly taxonomy: Taxonomy;
}

/** Inspects all tiles and checks them with the options. Throws what preparePatches documents. */
export async function planPreparation(options: PreparePatchesOptions): Promise<PreparationPlan> {
  const {
    root,
    out = join(root, 'Prepared'),
    type = 'mirror',
    format = 'npy',
    layout: layoutName = 'consep',
  } = options;
  const layout = findLayout(layoutName);
  assertPatchFormat(format);
  const jobs = resolveJobs(options.jobs ?? 0);
  const grid: PatchGrid = { type, patchSize: options.patchSize ?? [540, 540], step: options.step ?? [164, 164] };
  const taxonomy = options.taxonomy ?? (await loadTaxonomy(layout.taxonomy));
  assertTaxonomyFits(taxonomy, layoutName);
  const used = new Set<number>();
  const phases = [];
  for (const phase of options.phases ?? layout.phases) {
    const { name, sources } = typeof phase === 'string' ? { name: phase, sources: [phase] } : phase;
    const tiles: SourceTile[] = [];
    const folder = join(out, name);
    for (const source of sources) {
      await checkFolder(folder, join(root, source));
      tiles.push(...(await layout.listTiles(root, source, options, taxonomy)));
    }
    assertUniqueNames(tiles);
    for (const { labelSource, inspect } of tiles) {
      const { shape, typeIds } = await inspect();
      checkTileFits(shape, grid, labelSource);
      assertKnownTypes(typeIds, taxonomy, labelSource);
      for (const typeId of typeIds) used.add(typeId);
    }
    phases.push({ name, tiles, folder });
  }
  const { validationFraction = 0 } = options;
  if (validationFraction !== 0) {
    await checkFolder(join(out, validationName), join(root, validationName));
    splitTraining(phases, validationFraction, join(out, validationName));
  }
  if (options.ambiguousTypes !== 'map' && mayBeMerged(used, taxonomy)) refuseMerged(used, taxonomy);
  return { phases, grid, format, jobs, taxonomy };
}

/** Folder of the tiles that are held back from training. */
const validationName = 'Validation';

/** Moves a share of the tiles of `Train` to a phase of their own, in place. */
function splitTraining(
  phases: { readonly name: string; readonly tiles: SourceTile[]; readonly folder: string }[],
  fraction: number,
  folder: string,
): void {
  const train = phases.find(({ name }) => name === 'Train');
  if (train === undefined || phases.some(({ name }) => name === validationName))
    throw new ArgumentError('preparePatches: a validation fraction needs a phase Train and none called Validation');
  const count = Math.round(fraction * train.tiles.length);
  if (!(fraction > 0 && fraction < 1) || count === 0 || count === train.tiles.length)
    throw new ArgumentError(
      `preparePatches: expected a validation fraction that leaves tiles on both sides, got ${fraction} of ${train.tiles.length} tiles`,
    );
  const isHeldBack = (index: number) =>
    Math.floor(((index + 1) * count) / train.tiles.length) > Math.floor((index * count) / train.tiles.length);
  const held = train.tiles.filter((_, index) => isHeldBack(index));
  const kept = train.tiles.filter((_, index) => !isHeldBack(index));
  train.tiles.splice(0, train.tiles.length, ...kept);
  phases.push({ name: validationName, tiles: held, folder });
}

/** Files are called by the names of tiles. */
function assertUniqueNames(tiles: readonly SourceTile[]): void {
  const sources = new Map<string, string>();
  for (const { name, imageSource } of tiles) {
    const other = sources.get(name);
    if (other !== undefined)
      throw new FileError(imageSource, `has the same name as ${other}; prepare them as two phases`);
    sources.set(name, imageSource);
  }
}

/** The folder is replaced as a whole, so nothing may be in it that a preparation did not write. */
async function checkFolder(folder: string, source: string): Promise<void> {
  const inside = (path: string, parent: string) => {
    const way = relative(resolve(parent), resolve(path));
    return !way.startsWith('..') && !isAbsolute(way);
  };
  if (inside(folder, source) || inside(source, folder)) {
    throw new ArgumentError(`preparePatches: the output folder ${folder} would replace the data set; choose another`);
  }
  if (!existsSync(folder)) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw toFileError(folder, cause);
  });
  const isForeign = (name: string) => !name.startsWith('.') && !isPreparedFile(name);
  const foreign = entries.find((entry) => entry.isDirectory() || isForeign(entry.name));
  if (foreign !== undefined) {
    throw new ArgumentError(
      `preparePatches: ${folder} holds ${foreign.name}, which no preparation wrote; choose another folder`,
    );
  }
}

function checkTileFits([height, width]: readonly [number, number], grid: PatchGrid, path: string): void {
  try {
    listPatchOrigins(height, width, grid);
  } catch (cause) {
    throw new FileError(path, (cause as Error).message, { cause });
  }
}

function refuseMerged(used: ReadonlySet<number>, taxonomy: Taxonomy): never {
  throw new ArgumentError(
    `preparePatches: the labels hold types ${[...used].sort((a, b) => a - b).join(', ')} only, so they may have been ` +
      `merged already, and ${taxonomy.name} would map them again; use a taxonomy that maps each class to itself ` +
      `(consep-merged), or set ambiguousTypes to map if these are original types`,
  );
}
