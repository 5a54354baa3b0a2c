// Public interface of @hovernet/slides in Node: the same names, and paths besides.
export * from './common.js';
export { openSlide } from './node/open-slide.js';
export { openFileSource } from './node/file-source.js';
