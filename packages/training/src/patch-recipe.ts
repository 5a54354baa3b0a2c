// How the patches of a training phase are made: called in the main thread or, as a module of its own, in every worker.
import { join } from 'node:path';
import { FileError, toContiguous, type LabelledImage, type TypeMap } from '@hovernet/core';
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
  /** Classes of the network, background included; 0 without types. */
  readonly classes: number;
  /** null for validation. */
  readonly augment: AugmentOptions | null;
  /** See `openPatches`. */
  readonly tileCacheBytes: number;
}

/** Where worker threads find {@link createRecipe}. */
export const patchRecipeModule = new URL('./patch-recipe.js', import.meta.url);

/** Throws as `openPatches`. */
export async function createRecipe(options: PatchRecipeOptions): Promise<SampleRecipe<LabelledImage, TrainSample>> {
  const { folder, phase, augment, tileCacheBytes, classes, ...sizes } = options;
  const patches = await openPatches(folder, phase, { tileCacheBytes });
  const load = async (index: number) => {
    const patch = await patches.load(index);
    assertTypes(patch.typeMap, classes, join(folder, phase, patches.name(index)));
    return prepareSample(patch);
  };
  return {
    dataset: { ...patches, load },
    transform: augment ? createTrainPipeline({ ...sizes, augment }) : createValidationPipeline(sizes),
  };
}

/** Throws a FileError that names `patch` where it holds types that the network does not know. */
function assertTypes(types: TypeMap, classes: number, patch: string): void {
  if (classes === 0) return;
  const highest = toContiguous(types).reduce((most, type) => Math.max(most, type), 0);
  if (highest < classes) return;
  const problem = `its classes go up to ${highest}, but the network knows 0 to ${classes - 1}`;
  throw new FileError(patch, `${problem}; train with the taxonomy that the patches were prepared with`);
}
