// Cuts the tiles of a data set in the CoNSeP layout into training patches.
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ArgumentError, FileError, HovernetError } from '@hovernet/core';
import { existsSync } from 'node:fs';
import { listFileNames } from '../files/list-directory.js';
import { replaceDirectory } from '../files/replace-directory.js';
import { listTiles, type Tile, type TileSuffixes } from '../layout/list-tiles.js';
import { assertKnownTypes, listUsedTypes, mayBeMerged } from '../layout/map-types.js';
import { readLabels, readTile } from '../layout/read-tile.js';
import { loadTaxonomy, type Taxonomy } from '../layout/taxonomy.js';
import { assertPatchFormat, patchIndexName, type PatchFormat, type PatchIndex } from './patch-format.js';
import { listPatchOrigins, type PatchGrid } from './patch-grid.js';
import { writePatches, writeTile } from './write-patches.js';

/** Options of {@link preparePatches}. */
export interface PreparePatchesOptions extends TileSuffixes {
  /** Folder of the data set: `{root}/{phase}/Images`, `{root}/{phase}/Labels`. */
  readonly root: string;
  /** Folder for the prepared phases. @default '{root}/Prepared' */
  readonly out?: string;
  /** @default ['Train', 'Test'] */
  readonly phases?: readonly string[];
  /** @default 'mirror' */
  readonly type?: PatchGrid['type'];
  /** Height and width, pixels. @default [540, 540] */
  readonly patchSize?: PatchGrid['patchSize'];
  /** Vertical and horizontal distance of patches, pixels. @default [164, 164] */
  readonly step?: PatchGrid['step'];
  /** @default 'npy' */
  readonly format?: PatchFormat;
  /** Classes to map types to. @default the built-in `consep` */
  readonly taxonomy?: Taxonomy;
  /**
   * What to do when the labels may have been merged already, which mapping them again would spoil: `refuse` throws,
   * `map` goes on. @default 'refuse'
   */
  readonly ambiguousTypes?: 'refuse' | 'map';
}

/** How far {@link preparePatches} is. */
export interface PrepareProgress {
  readonly phase: string;
  readonly tile: string;
  /** Tiles written so far, over all phases. */
  readonly done: number;
  /** Tiles of all phases. */
  readonly total: number;
}

/** What {@link preparePatches} made. */
export interface PreparedPatches {
  readonly phases: Readonly<Record<string, { readonly tiles: number; readonly patches: number }>>;
  readonly seconds: number;
}

/** Watching and stopping of {@link preparePatches}. */
export interface PrepareControl {
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes `{out}/{phase}` for each phase: whole tiles, and patches with the names and bytes of the MONAI bundle's
 * `prepare_patches`. A phase's folder is replaced as a whole once it is complete; until then the former one stays.
 * @throws FileError if tiles are missing, damaged or do not fit together; ArgumentError for sizes that do not fit, types
 * that may have been merged already, or an output folder that holds other things; HovernetError `INTERRUPTED` on abort.
 */
export async function preparePatches(
  options: PreparePatchesOptions,
  control: PrepareControl = {},
): Promise<PreparedPatches> {
  const started = performance.now();
  const plan = await createPlan(options);
  const total = plan.phases.reduce((sum, { tiles }) => sum + tiles.length, 0);
  const phases: Record<string, { tiles: number; patches: number }> = {};
  let done = 0;
  for (const { name: phase, tiles, folder } of plan.phases) {
    const patches = await replaceDirectory(folder, async (staging) => {
      const writer = createPhaseWriter(staging, plan);
      for (const tile of tiles) {
        throwIfAborted(control.signal);
        await writer.add(tile);
        done++;
        control.onProgress?.({ phase, tile: tile.name, done, total });
      }
      return await writer.finish();
    });
    phases[phase] = { tiles: tiles.length, patches };
  }
  return { phases, seconds: (performance.now() - started) / 1000 };
}

interface Plan {
  readonly phases: readonly { readonly name: string; readonly tiles: readonly Tile[]; readonly folder: string }[];
  readonly grid: PatchGrid;
  readonly format: PatchFormat;
  readonly taxonomy: Taxonomy;
}

/** Everything that can be wrong is found here, before a folder is touched. */
async function createPlan(options: PreparePatchesOptions): Promise<Plan> {
  const { root, out = join(root, 'Prepared'), type = 'mirror', format = 'npy' } = options;
  assertPatchFormat(format);
  const grid: PatchGrid = { type, patchSize: options.patchSize ?? [540, 540], step: options.step ?? [164, 164] };
  const taxonomy = options.taxonomy ?? (await loadTaxonomy('consep'));
  const used = new Set<number>();
  const phases = [];
  for (const name of options.phases ?? ['Train', 'Test']) {
    const tiles = await listTiles(root, name, options);
    const folder = join(out, name);
    await checkFolder(folder, join(root, name));
    for (const { labelPath } of tiles) {
      const { shape, types } = await readLabels(labelPath);
      checkTileFits(shape, grid, labelPath);
      const usedHere = listUsedTypes(types);
      assertKnownTypes(usedHere, taxonomy, labelPath);
      for (const typeId of usedHere) used.add(typeId);
    }
    phases.push({ name, tiles, folder });
  }
  if (options.ambiguousTypes !== 'map' && mayBeMerged(used, taxonomy)) refuseMerged(used, taxonomy);
  return { phases, grid, format, taxonomy };
}

function createPhaseWriter(folder: string, { grid, format, taxonomy }: Plan) {
  const written: { name: string; height: number; width: number }[] = [];
  let patches = 0;
  return {
    async add(tile: Tile): Promise<void> {
      const labelled = await readTile(tile, taxonomy);
      const [height, width] = labelled.image.shape as [number, number];
      const origins = listPatchOrigins(height, width, grid);
      await writeTile(folder, tile.name, labelled);
      if (format === 'npy') await writePatches(folder, labelled, { patchSize: grid.patchSize, origins });
      written.push({ name: tile.name, height, width });
      patches += origins.length;
    },
    async finish(): Promise<number> {
      const index: PatchIndex = { format: 'tiles', ...grid, tiles: written };
      if (format === 'tiles') await writeFile(join(folder, patchIndexName), `${JSON.stringify(index, null, 1)}\n`);
      return patches;
    },
  };
}

async function checkFolder(folder: string, source: string): Promise<void> {
  const inside = (path: string, parent: string) => !relative(resolve(parent), resolve(path)).startsWith('..');
  if (inside(folder, source) || inside(source, folder)) {
    throw new ArgumentError(`preparePatches: the output folder ${folder} would replace the data set; choose another`);
  }
  if (!existsSync(folder)) return;
  const foreign = (await listFileNames(folder)).find((name) => !name.endsWith('.npy') && name !== patchIndexName);
  if (foreign !== undefined) {
    throw new ArgumentError(
      `preparePatches: ${folder} holds ${foreign}, which no preparation wrote; choose another folder`,
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

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new HovernetError('INTERRUPTED', 'preparePatches: interrupted; the former folder is unchanged', {
    cause: signal.reason,
  });
}
