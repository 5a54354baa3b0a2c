// The loaders of a training run: augmented patches of the Train phase, plain ones of the Test phase.
import { ConfigError } from '@hovernet/core';
import { createCacheDataset, createLoader, openPatches, type Loader } from '@hovernet/data';
import {
  collateBatch,
  createTrainPipeline,
  createValidationPipeline,
  prepareSample,
  type SamplePipeline,
  type TrainBatch,
} from '@hovernet/transforms';
import type { HovernetConfiguration, SamplerConfiguration } from '../config/configuration.js';
import { selectAugmentation } from './select-augmentation.js';

export interface TrainLoaders {
  readonly train: Loader<TrainBatch>;
  readonly validation: Loader<TrainBatch>;
  readonly trainPatches: number;
  readonly validationPatches: number;
}

/**
 * Opens the prepared patches of `config`; `classes` counts the background.
 * @throws FileError if there are none, ConfigError if a patch is smaller than the network's window.
 */
export async function openLoaders(config: HovernetConfiguration, classes: number): Promise<TrainLoaders> {
  const sizes = { windowSize: config.patchSizePx, outputSize: config.outputSizePx };
  const train = await openPhase(config, 'Train', classes, {
    sampler: config.training.sampler,
    pipeline: createTrainPipeline({ ...sizes, augment: selectAugmentation(config.training.augmentation) }),
  });
  const validation = await openPhase(config, 'Test', classes, {
    sampler: config.validation.sampler,
    pipeline: createValidationPipeline(sizes),
  });
  return {
    train: train.loader,
    validation: validation.loader,
    trainPatches: train.patches,
    validationPatches: validation.patches,
  };
}

async function openPhase(
  config: HovernetConfiguration,
  phase: string,
  classes: number,
  { sampler, pipeline }: { readonly sampler: SamplerConfiguration; readonly pipeline: SamplePipeline },
): Promise<{ loader: Loader<TrainBatch>; patches: number }> {
  const patches = await openPatches(config.datasetDir, phase);
  const cached = createCacheDataset(patches, { prepare: prepareSample });
  const first = await cached.load(0);
  const [height, width] = first.image.shape as [number, number];
  if (Math.min(height, width) < config.patchSizePx) {
    throw new ConfigError(
      'patch_size',
      `expected patches of at least ${config.patchSizePx} px in ${config.datasetDir}/${phase}, got ${height}×${width}; prepare larger patches`,
    );
  }
  const loader = createLoader(cached, {
    ...sampler,
    seed: config.seed,
    transform: pipeline,
    collate: (samples) => collateBatch(samples, { classes }),
  });
  if (loader.batchesPerEpoch === 0) {
    throw new ConfigError(
      'train#dataloader#batch_size',
      `expected at most the ${patches.length} patches of ${config.datasetDir}/${phase} where drop_last is set, got ${sampler.batchSize}`,
    );
  }
  return { loader, patches: patches.length };
}
