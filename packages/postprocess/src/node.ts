// Node entry of @hovernet/postprocess: everything of the main entry, and post-processing in worker threads.
export * from './index.js';
export { createPostprocessPool } from './pool/node/create-postprocess-pool.js';
export type { SegmentationTable } from './pool/messages.js';
export type { PostprocessPool, PostprocessPoolOptions } from './pool/thread-pool.js';
