// How the patches of a training phase are made: called in the main thread or, as a module of its own, in every worker.
import type { LabelledImage } from '@hovernet/core';
import { openPatches, type SampleRecipe } from '@hovernet/data';
import {
  createTrainPipeline,
  createValidationPipeline,
  prepareSample,
  type AugmentOptions,
  type TrainSample,
} from '@hovernet/transforms';

/** Plain data, so that it can be sent to threads. */
export interface PatchRecipeOptions {
  readonly folder: string;
  readonly phase: string;
  readonly windowSize: number;
  readonly outputSize: number;
  /** null for validation. */
  readonly augment: AugmentOptions | null;
  /** See `openPatches`. */
  readonly tileCacheBytes: number;
}

/** Where worker threads find {@link createRecipe}. */
export const patchRecipeModule = new URL('./patch-recipe.js', import.meta.url);

/** Throws as `openPatches`. */
export async function createRecipe(options: PatchRecipeOptions): Promise<SampleRecipe<LabelledImage, TrainSample>> {
  const { folder, phase, augment, tileCacheBytes, ...sizes } = options;
  const patches = await openPatches(folder, phase, { tileCacheBytes });
  return {
    dataset: { ...patches, load: async (index) => prepareSample(await patches.load(index)) },
    transform: augment ? createTrainPipeline({ ...sizes, augment }) : createValidationPipeline(sizes),
  };
}
