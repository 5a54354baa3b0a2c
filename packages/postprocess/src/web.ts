// Entry of @hovernet/postprocess for pages: everything of the main entry, and post-processing in workers of the page.
export * from './index.js';
export { createPostprocessPool } from './pool/web/create-postprocess-pool.js';
export type { SegmentationTable } from './pool/messages.js';
export type { PostprocessPool, PostprocessPoolOptions } from './pool/thread-pool.js';
