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
export * from './files/list-directory.js';
export * from './files/read-file-bytes.js';
export * from './files/replace-directory.js';
export * from './files/write-file-atomic.js';
export * from './integers.js';
export type { PhaseSources } from './layout/layout.js';
export { layoutNames, taxonomyOfLayout, type LayoutName } from './layout/layouts.js';
export { listTiles, type Tile, type TileSuffixes } from './layout/list-tiles.js';
export { readTile } from './layout/read-tile.js';
export type { NamedTile } from './layout/source-tile.js';
export { loadTaxonomy, type Taxonomy } from './layout/taxonomy.js';
export * from './list-arrays.js';
export type { ReadLimits } from './files/memory-budget.js';
export type {
  MatCell,
  MatFunction,
  MatObject,
  MatOpaque,
  MatRecord,
  MatStruct,
  MatText,
  MatValue,
} from './mat/mat-value.js';
export { isNumericArray } from './mat/mat-value.js';
export { fillSparse, type MatSparse } from './mat/sparse.js';
export * from './mat/read-mat.js';
export * from './mat/write-mat.js';
export * from './npy/npy.js';
export { formatNpyHeader, parseNpyHeader, type NpyHeader } from './npy/npy-header.js';
export { decodeNpz, encodeNpz, readNpz, writeNpz, type NamedArrays } from './npy/npz.js';
export type { NumericArray, NumericData, NumericDtype } from './numeric-array.js';
export { patchFormats, type PatchFormat } from './patches/patch-format.js';
export type { PreparePatchesOptions } from './patches/preparation-plan.js';
export {
  preparePatches,
  type PrepareControl,
  type PreparedPatches,
  type PrepareProgress,
} from './patches/prepare-patches.js';
export * from './png/png.js';
export { readImage, type ReadImageOptions } from './png/read-image.js';
export * from './summarize-numbers.js';
