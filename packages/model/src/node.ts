// Node entry of @hovernet/model: everything of the main entry, with weights from files and through a cache folder.
export * from './index.js';
export { pretrainedCacheDir } from './pretrained/node/cache-dir.js';
export { fetchFile, type FetchFileOptions } from './pretrained/node/fetch-file.js';
export { loadWeights, type LoadWeightsOptions } from './pretrained/node/load-weights.js';
