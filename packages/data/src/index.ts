// Public interface of @hovernet/data.
export type { CacheLimits } from './dataset/cache-budget.js';
export type { Dataset, PatchDataset } from './dataset/dataset.js';
export {
  createLoader,
  type LoadedBatch,
  type Loader,
  type LoaderOptions,
  type SamplerState,
} from './dataset/loader.js';
export { openPatches, type OpenPatchesOptions } from './dataset/open-patches.js';
export { openTiles } from './dataset/open-tiles.js';
export type { SamplerOptions, SamplerShare } from './dataset/sampler.js';
export { createSamples, type SampleOptions, type SampleRecipe, type SampleSource } from './dataset/samples.js';
export {
  openSampleWorkers,
  type RecipeModule,
  type SampleWorkerOptions,
} from './dataset/workers/open-sample-workers.js';
export type { PhaseSources } from './layout/layout.js';
export { layoutNames, taxonomyOfLayout, type LayoutName } from './layout/layouts.js';
export { listTiles, type Tile, type TileSuffixes } from './layout/list-tiles.js';
export { readTile } from './layout/read-tile.js';
export type { NamedTile } from './layout/source-tile.js';
export { loadTaxonomy, type Taxonomy } from './layout/taxonomy.js';
export { listImages } from './list-images.js';
export {
  checkPatchClasses,
  readPatchTaxonomy,
  type ExpectedClasses,
  type PatchTaxonomy,
} from './patches/patch-taxonomy.js';
export { patchFormats, type PatchFormat } from './patches/patch-format.js';
export type { PreparePatchesOptions } from './patches/preparation-plan.js';
export type { LabelAudit } from './layout/audit-labels.js';
export {
  describeAudit,
  preparePatches,
  type PrepareControl,
  type PreparedPatches,
  type PrepareProgress,
} from './patches/prepare-patches.js';
