// Node entry of @hovernet/postprocess: everything of the main entry, and post-processing in worker threads.
export * from './index.js';
export {
  createPostprocessPool,
  type PoolSegmentOptions,
  type PostprocessPool,
  type PostprocessPoolOptions,
} from './pool/create-postprocess-pool.js';
