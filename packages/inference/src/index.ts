// Public interface of @hovernet/inference in a page; in Node the same names come from node.ts.
export * from './common.js';
export type { WebImage } from './web/decode-image.js';
export { openSegmenter, type OpenSegmenterOptions, type SegmenterImage } from './web/open-segmenter.js';
