// Node entry of @hovernet/model: everything of the main entry, with weights from files and through a cache folder.
export * from './index.js';
export { pretrainedCacheDir } from './pretrained/node/cache-dir.js';
export { fetchFile, type FetchFileOptions } from './pretrained/node/fetch-file.js';
export { loadPretrained, type LoadPretrainedOptions } from './pretrained/node/load-pretrained.js';
export {
  readCheckpointFile,
  type Checkpoint,
  type ReadCheckpointFileOptions,
} from './pretrained/node/read-checkpoint-file.js';
