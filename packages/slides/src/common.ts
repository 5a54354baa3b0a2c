// What both entries export.
export type { OpenSlideOptions, SlideFormat, SlideLevel, SlideReader } from './slide-reader.js';
export { openRegionSource, type RegionOptions } from './regions/open-region-source.js';
export type { ByteSource } from './sources/byte-source.js';
export { createBlobSource } from './sources/byte-source.js';
export { openHttpSource } from './sources/http-source.js';
