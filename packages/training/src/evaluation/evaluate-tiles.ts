// Labelled tiles through a segmenter, one after the other; reports a tile that fails and continues.
import { createSilentReporter, FileError, HovernetError, type Reporter } from '@hovernet/core';
import type { PatchDataset } from '@hovernet/data';
import type { DecodedImage, OnProgress, Segmenter } from '@hovernet/inference';
import { overlapImages } from '@hovernet/inference/internal';
import { scoreTile, type ScoredTile, type SegmentedTile } from './score-tile.js';

export interface TileWork {
  readonly segmenter: Pick<Segmenter<DecodedImage>, 'segment'>;
  /** Writes what is wanted of each tile. @default nothing */
  readonly write?: (tile: SegmentedTile) => Promise<void>;
}

export interface EvaluatedTiles {
  /** In the order of the data set. */
  readonly scored: readonly ScoredTile[];
  /** A sentence for each tile that failed. */
  readonly failures: readonly string[];
}

/**
 * Scores every tile of `tiles`; progress counts tiles and shows the windows of the one in the network. Memory holds the maps of
 * two tiles at most.
 * @throws what the last tile throws where every one fails; INTERRUPTED when `signal` is aborted.
 */
export async function evaluateTiles(
  tiles: PatchDataset,
  { segmenter, write }: TileWork,
  { reporter = createSilentReporter(), signal }: { readonly reporter?: Reporter; readonly signal?: AbortSignal } = {},
): Promise<EvaluatedTiles> {
  const scored: ScoredTile[] = [];
  const failures: string[] = [];
  const progress = reporter.startProgress({ label: 'evaluating', total: tiles.length, unit: 'tiles' });
  const showProgress = (values?: Readonly<Record<string, string>>) =>
    progress.update(scored.length + failures.length, values);

  // One is loaded after the other, so that they go through the network in their order.
  let loading: Promise<unknown> = Promise.resolve();
  async function score(index: number): Promise<ScoredTile> {
    const name = tiles.name(index);
    const loaded = loading.then(() => tiles.load(index));
    loading = loaded.catch(() => undefined);
    const tile = await loaded;
    const onProgress: OnProgress = ({ done, total }) => showProgress({ tile: name, windows: `${done}/${total}` });
    const result = scoreTile(name, tile, await segmenter.segment(tile.image, { signal, onProgress }));
    await write?.(result.tile);
    return result.scored;
  }

  try {
    const indices = Array.from({ length: tiles.length }, (_, index) => index);
    let next = 0;
    for await (const outcome of overlapImages(indices, score)) {
      const name = tiles.name(next++);
      if (outcome.status === 'fulfilled') scored.push(outcome.value);
      else failures.push(describeFailure(name, outcome.reason));
      if (outcome.status === 'rejected' && failures.length === tiles.length) throw outcome.reason;
      showProgress();
    }
  } finally {
    progress.finish();
  }
  return { scored, failures };
}

/** A sentence that names the tile, or its file. Throws what is no failure of a tile. */
function describeFailure(name: string, error: unknown): string {
  if (!(error instanceof HovernetError) || error.code === 'INTERRUPTED') throw error;
  return error instanceof FileError ? error.message : `${name}: ${error.message}`;
}
