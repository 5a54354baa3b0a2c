// The loaders of a training run: augmented patches of the Train phase, plain ones of the Test phase.
import { availableParallelism, freemem } from 'node:os';
import { ConfigError, type LabelledImage } from '@hovernet/core';
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
import type {
  BalanceConfiguration,
  HovernetConfiguration,
  LoadingConfiguration,
  SamplerConfiguration,
} from '../config/configuration.js';
import { balanceTypes } from './balance-types.js';
import { chooseWorkers } from './choose-workers.js';
import { createRecipe, patchRecipeModule, type PatchRecipeOptions } from './patch-recipe.js';
import { selectAugmentation } from './select-augmentation.js';

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

/**
 * Opens the prepared patches of `config`; `classes` counts the background. Of several processes each gets its share:
 * equally many training patches, some of them twice, and every validation patch once.
 * @throws FileError if there are none, ConfigError if a patch is smaller than the network's window.
 */
export async function openLoaders(
  config: HovernetConfiguration,
  classes: number,
  processes: Pick<SamplerShare, 'rank' | 'size'> = { rank: 0, size: 1 },
): Promise<TrainLoaders> {
  const { training, validation } = config;
  const opened: OpenedPhase[] = [];
  const dispose = async () => void (await Promise.all(opened.map(({ samples }) => samples.dispose())));
  try {
    const phases: Phase[] = [
      { ...training, name: 'Train', augment: selectAugmentation(training.augmentation), evenDivisible: true },
      { ...validation, name: 'Test', augment: null, balance: null, evenDivisible: false },
    ];
    const lengths = [];
    for (const phase of phases) lengths.push(await checkPatches(config, phase.name));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    for (const [at, phase] of phases.entries()) {
      const share = { ...processes, evenDivisible: phase.evenDivisible };
      opened.push(await openPhase(config, phase, { classes, share, memoryShare: lengths[at]! / total }));
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  const [first, second] = opened as [OpenedPhase, OpenedPhase];
  return {
    train: first.loader,
    validation: second.loader,
    trainPatches: training.balance.patchesPerEpoch ?? first.samples.length,
    validationPatches: second.samples.length,
    dispose,
  };
}

interface Phase {
  readonly name: string;
  readonly sampler: SamplerConfiguration;
  readonly loading: LoadingConfiguration;
  readonly augment: AugmentOptions | null;
  readonly balance: BalanceConfiguration | null;
  readonly evenDivisible: boolean;
}

interface OpenedPhase {
  readonly loader: Loader<TrainBatch>;
  readonly samples: SampleSource<TrainSample>;
}

async function openPhase(
  config: HovernetConfiguration,
  phase: Phase,
  given: { readonly classes: number; readonly share: SamplerShare; readonly memoryShare: number },
): Promise<OpenedPhase> {
  const { sampler, loading } = phase;
  const workers = chooseWorkers(loading, config.engine, availableParallelism());
  const options: PatchRecipeOptions = {
    folder: config.datasetDir,
    phase: phase.name,
    windowSize: config.patchSizePx,
    outputSize: config.outputSizePx,
    augment: phase.augment,
    tileCacheBytes: TILE_CACHE_BYTES / Math.max(1, workers),
  };
  const limit = loading.cacheLimitGb === null ? (freemem() / 2) * given.memoryShare : loading.cacheLimitGb * 1e9;
  const cache = { rate: loading.cacheRate, memoryLimitBytes: limit };
  const samples: SampleSource<TrainSample> =
    workers === 0
      ? createSamples<LabelledImage, TrainSample>(await createRecipe(options), { cache })
      : await openSampleWorkers<TrainSample>({ module: patchRecipeModule, data: options }, { workers, cache });
  const loader = createLoader(samples, {
    ...sampler,
    ...(phase.balance && (await drawByType(config, { ...phase, balance: phase.balance }, given.classes))),
    seed: config.seed,
    share: given.share,
    collate: (made) => collateBatch(made, { classes: given.classes }),
  });
  if (loader.batchesPerEpoch === 0 && sampler.dropLast) {
    await samples.dispose();
    throw new ConfigError(
      'train#dataloader#batch_size',
      `expected at most the ${samples.length} patches of ${config.datasetDir}/${phase.name} where drop_last is set, got ${sampler.batchSize}`,
    );
  }
  return { loader, samples };
}

/** The loader's options for patches drawn by their types; none where each is shown once. */
async function drawByType(
  config: HovernetConfiguration,
  { name, balance }: { readonly name: string; readonly balance: BalanceConfiguration },
  classes: number,
): Promise<Pick<SamplerOptions, 'weights' | 'samplesPerEpoch'>> {
  if (balance.typeShare === 0) return {};
  const patches = await openPatches(config.datasetDir, name, { tileCacheBytes: TILE_CACHE_BYTES });
  const weights = await balanceTypes(patches, balance, { classes, sidePx: config.outputSizePx });
  return { weights, ...(balance.patchesPerEpoch !== null && { samplesPerEpoch: balance.patchesPerEpoch }) };
}

/** Number of patches of a phase. @throws ConfigError if the first one is smaller than the network's window. */
async function checkPatches(config: HovernetConfiguration, phase: string): Promise<number> {
  const patches = await openPatches(config.datasetDir, phase, { tileCacheBytes: 0 });
  const [height, width] = (await patches.load(0)).image.shape as [number, number];
  if (Math.min(height, width) < config.patchSizePx) {
    throw new ConfigError(
      'patch_size',
      `expected patches of at least ${config.patchSizePx} px in ${config.datasetDir}/${phase}, got ${height}×${width}; prepare larger patches`,
    );
  }
  return patches.length;
}
