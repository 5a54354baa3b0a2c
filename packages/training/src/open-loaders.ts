// The loaders of a training run: augmented patches of the Train phase, plain ones of the phase for validation.
import { existsSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import type { LabelledImage } from '@hovernet/core';
import {
  createLoader,
  createSamples,
  openPatches,
  openSampleWorkers,
  type Loader,
  type SampleSource,
  type SamplerOptions,
  type SamplerShare,
} from '@hovernet/data';
import { collateBatch, type AugmentOptions, type TrainBatch, type TrainSample } from '@hovernet/transforms';
import { balanceTypes } from './balance-types.js';
import { createRecipe, patchRecipeModule, type PatchRecipeOptions } from './patch-recipe.js';
import { TrainOptionError, type LoadingOptions, type TrainSettings } from './train-options.js';

export interface TrainLoaders {
  readonly train: Loader<TrainBatch>;
  readonly validation: Loader<TrainBatch>;
  readonly trainPatches: number;
  readonly validationPatches: number;
  /** Ends the worker threads. */
  dispose(): Promise<void>;
}

/** Tiles that all threads of a phase keep together, where patches are cut when they are read. */
const TILE_CACHE_BYTES = 2 ** 30;

/** What of the settings decides which patches come, and how. */
export type LoaderSettings = Pick<
  TrainSettings,
  | 'patchesDir'
  | 'windowPx'
  | 'outputPx'
  | 'network'
  | 'seed'
  | 'engine'
  | 'augmentation'
  | 'balance'
  | 'loading'
  | 'validation'
  | 'trainPhase'
  | 'validationPhase'
>;

/** Folder of the patches that a training validates on. */
export function findValidationPhase({
  patchesDir,
  validationPhase,
}: Pick<TrainSettings, 'patchesDir' | 'validationPhase'>): string {
  return validationPhase ?? (existsSync(join(patchesDir, 'Validation')) ? 'Validation' : 'Test');
}

/**
 * Opens the prepared patches of `settings`. Of several processes each gets its share: equally many training patches, some of
 * them twice, and every validation patch once.
 * @throws FileError if there are none, TrainOptionError if a patch is smaller than the network's window.
 */
export async function openLoaders(
  settings: LoaderSettings,
  processes: Pick<SamplerShare, 'rank' | 'size'> = { rank: 0, size: 1 },
): Promise<TrainLoaders> {
  const { loading, validation, augmentation, trainPhase } = settings;
  const phases: readonly [Phase, Phase] = [
    { name: trainPhase, loading, augment: augmentation, balanced: true, evenDivisible: true },
    { name: findValidationPhase(settings), loading: validation, augment: null, balanced: false, evenDivisible: false },
  ];
  const lengths = [];
  for (const { name } of phases) lengths.push(await checkPatches(settings, name));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const opened: OpenedPhase[] = [];
  const dispose = async () => void (await Promise.all(opened.map(({ samples }) => samples.dispose())));
  try {
    for (const [at, phase] of phases.entries()) {
      const share = { ...processes, evenDivisible: phase.evenDivisible };
      opened.push(await openPhase(settings, phase, { share, memoryShare: lengths[at]! / total }));
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  const [first, second] = opened as [OpenedPhase, OpenedPhase];
  return {
    train: first.loader,
    validation: second.loader,
    trainPatches: settings.balance.patchesPerEpoch ?? first.samples.length,
    validationPatches: second.samples.length,
    dispose,
  };
}

interface Phase {
  readonly name: string;
  readonly loading: Required<LoadingOptions>;
  readonly augment: AugmentOptions | null;
  /** Whether patches may be drawn by their types. */
  readonly balanced: boolean;
  readonly evenDivisible: boolean;
}

interface OpenedPhase {
  readonly loader: Loader<TrainBatch>;
  readonly samples: SampleSource<TrainSample>;
}

async function openPhase(
  settings: LoaderSettings,
  { name, loading, augment, balanced }: Phase,
  { share, memoryShare }: { readonly share: SamplerShare; readonly memoryShare: number },
): Promise<OpenedPhase> {
  const { patchesDir, network, seed } = settings;
  const workers = chooseWorkers(loading, settings.engine, availableParallelism());
  const options: PatchRecipeOptions = {
    folder: patchesDir,
    phase: name,
    windowSize: settings.windowPx,
    outputSize: settings.outputPx,
    augment,
    classes: network.outClasses,
    tileCacheBytes: TILE_CACHE_BYTES / Math.max(1, workers),
  };
  const limit = loading.cacheLimitGb === null ? (freemem() / 2) * memoryShare : loading.cacheLimitGb * 1e9;
  const cache = { rate: loading.cacheRate, memoryLimitBytes: limit };
  const samples: SampleSource<TrainSample> =
    workers === 0
      ? createSamples<LabelledImage, TrainSample>(await createRecipe(options), { cache })
      : await openSampleWorkers<TrainSample>({ module: patchRecipeModule, data: options }, { workers, cache });
  const loader = createLoader(samples, {
    batchSize: loading.batchSize,
    shuffle: loading.shuffle,
    dropLast: loading.dropLast,
    ...(balanced && (await drawByType(settings, name))),
    seed,
    share,
    collate: (made) => collateBatch(made, { classes: network.outClasses }),
  });
  if (loader.batchesPerEpoch === 0 && loading.dropLast) {
    await samples.dispose();
    throw new TrainOptionError(
      'loading.batchSize',
      `expected at most the ${samples.length} patches of ${patchesDir}/${name} where the last batch is dropped, got ${loading.batchSize}`,
    );
  }
  return { loader, samples };
}

/** The loader's options for patches drawn by their types; none where each is shown once. */
async function drawByType(
  { patchesDir, network, outputPx, balance }: LoaderSettings,
  phase: string,
): Promise<Pick<SamplerOptions, 'weights' | 'samplesPerEpoch'>> {
  if (balance.typeShare === 0) return {};
  const patches = await openPatches(patchesDir, phase, { tileCacheBytes: TILE_CACHE_BYTES });
  const weights = await balanceTypes(patches, balance, { classes: network.outClasses, sidePx: outputPx });
  return { weights, ...(balance.patchesPerEpoch !== null && { samplesPerEpoch: balance.patchesPerEpoch }) };
}

/** Number of patches of a phase. @throws TrainOptionError if the first one is smaller than the network's window. */
async function checkPatches({ patchesDir, windowPx }: LoaderSettings, phase: string): Promise<number> {
  const patches = await openPatches(patchesDir, phase, { tileCacheBytes: 0 });
  const [height, width] = (await patches.load(0)).image.shape as [number, number];
  if (Math.min(height, width) < windowPx) {
    throw new TrainOptionError(
      'windowPx',
      `expected patches of at least ${windowPx} px in ${patchesDir}/${phase}, got ${height}×${width}; prepare larger patches`,
    );
  }
  return patches.length;
}

/** The bundle's number: more do not help before the network takes more than 60 patches a second. */
const MOST_WORKERS = 4;

/** Providers and backends that compute on the CPU, far slower than one thread makes patches; `auto` is one of them in onnx. */
const ON_CPU = { onnx: ['auto', 'cpu'], tfjs: ['cpu', 'wasm'] };

/** Threads for `loading` on a machine with so many processors; see {@link LoadingOptions.workers}. */
export function chooseWorkers(
  { workers }: Pick<Required<LoadingOptions>, 'workers'>,
  { engine = 'onnx', providers = ['auto'] }: TrainSettings['engine'],
  processors: number,
): number {
  if (workers !== 'auto') return workers;
  if (providers.every((provider) => ON_CPU[engine].includes(provider))) return 0;
  return Math.min(MOST_WORKERS, Math.max(1, processors - 1));
}
