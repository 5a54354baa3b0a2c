// Cuts the tiles of a data set into training patches.
import { join } from 'node:path';
import { FileError, HovernetError } from '@hovernet/core';
import { replaceDirectory } from '@hovernet/files/node';
import { addAudits, countProblems, emptyAudit, type LabelAudit } from '../layout/audit-labels.js';
import { readSourceTile, type NamedTile } from '../layout/source-tile.js';
import { runJobs } from '../run-jobs.js';
import { patchIndexName, type PatchIndex, type TileSize } from './patch-format.js';
import { listPatchOrigins, type PatchOrigin } from './patch-grid.js';
import { writePatchTaxonomy } from './patch-taxonomy.js';
import { planPreparation, type PreparationPlan, type PreparePatchesOptions } from './preparation-plan.js';
import { createPatchWriter } from './write-patches.js';
import { writePreparedFile, writeTileArchive, writeTileArrays } from './write-tile.js';

/** How far {@link preparePatches} is. */
export interface PrepareProgress {
  readonly phase: string;
  /** The tile written last. With several jobs tiles may be done in another order than that of their names. */
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
  /** What in the labels of all tiles cannot be right. */
  readonly labels: LabelAudit;
  /** The tile with most of it, with its labels' file; null where nothing is wrong. */
  readonly worst: { readonly tile: NamedTile; readonly labelSource: string; readonly audit: LabelAudit } | null;
}

/** Watching and stopping of {@link preparePatches}. */
export interface PrepareControl {
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes `{out}/{phase}` for each phase: whole tiles, and patches with the names and bytes of the MONAI bundle's
 * `prepare_patches` or an index of them, and `taxonomy.json`, which names the classes. A phase's folder is replaced as a whole once it is
 * complete; until then the former one stays.
 * @throws FileError if tiles are missing, damaged or do not fit together; ArgumentError for sizes that do not fit, types
 * that may have been merged already, or an output folder that holds other things; HovernetError `INTERRUPTED` on abort.
 */
export async function preparePatches(
  options: PreparePatchesOptions,
  control: PrepareControl = {},
): Promise<PreparedPatches> {
  const started = performance.now();
  const plan = await planPreparation(options);
  const total = plan.phases.reduce((sum, { tiles }) => sum + tiles.length, 0);
  const phases: Record<string, { tiles: number; patches: number }> = {};
  let labels = emptyAudit;
  let worst: PreparedPatches['worst'] = null;
  let done = 0;
  for (const { name: phase, tiles, folder } of plan.phases) {
    const sizes: TileSize[] = [];
    let patches = 0;
    await replaceDirectory(folder, async (staging) => {
      await runJobs(tiles, plan.jobs, () => {
        const write = createTileWriter(staging, plan);
        return async (tile, index) => {
          throwIfAborted(control.signal);
          const { audit, ...labelled } = await readSourceTile(tile, plan.taxonomy);
          if (options.strict === true) assertSound(audit, tile.labelSource);
          labels = addAudits(labels, audit);
          if (countProblems(audit) > (worst === null ? 0 : countProblems(worst.audit)))
            worst = { tile: labelled, labelSource: tile.labelSource, audit };
          const [height, width] = labelled.image.shape as [number, number];
          const origins = listPatchOrigins(height, width, plan.grid);
          await write(labelled, origins);
          sizes[index] = { name: tile.name, height, width };
          patches += origins.length;
          control.onProgress?.({ phase, tile: tile.name, done: ++done, total });
        };
      });
      await writePatchTaxonomy(staging, plan.taxonomy);
      if (plan.format !== 'npy') await writeIndex(staging, { format: plan.format, ...plan.grid, tiles: sizes });
    });
    phases[phase] = { tiles: tiles.length, patches };
  }
  return { phases, seconds: (performance.now() - started) / 1000, labels, worst };
}

/** One phrase for each kind of problem. */
export function describeAudit({ nuclei, masks, scattered, untyped, typesOnBackgroundPx }: LabelAudit): string[] {
  return [
    masks > 0 && `${masks} with one id for all nuclei, as a mask has`,
    scattered > 0 && `${scattered} of ${nuclei} nuclei in parts far apart`,
    untyped > 0 && `${untyped} of ${nuclei} nuclei without a type`,
    typesOnBackgroundPx > 0 && `${typesOnBackgroundPx} pixels with a type and no nucleus`,
  ].filter((phrase) => phrase !== false);
}

function assertSound(audit: LabelAudit, path: string): void {
  const problems = describeAudit(audit);
  if (problems.length > 0) throw new FileError(path, `labels cannot be right: ${problems.join(', ')}`);
}

type TileWriter = (tile: NamedTile, origins: readonly PatchOrigin[]) => Promise<void>;

function createTileWriter(folder: string, { format, grid }: PreparationPlan): TileWriter {
  switch (format) {
    case 'npz':
      return (tile) => writeTileArchive(folder, tile);
    case 'raw':
      return (tile) => writeTileArrays(folder, tile);
    case 'npy': {
      const writePatches = createPatchWriter(folder, grid.patchSize);
      return async (tile, origins) => {
        await writeTileArrays(folder, tile);
        await writePatches(tile, origins);
      };
    }
  }
}

function writeIndex(folder: string, index: PatchIndex): Promise<void> {
  return writePreparedFile(join(folder, patchIndexName), `${JSON.stringify(index, null, 1)}\n`);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new HovernetError('INTERRUPTED', 'preparePatches: interrupted; the former folder is unchanged', {
    cause: signal.reason,
  });
}
