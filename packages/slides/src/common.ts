// What both entries export.
export type { OpenSlideOptions, SlideFormat, SlideLevel, SlideReader } from './slide-reader.js';
export { openRegionSource, type RegionOptions } from './regions/open-region-source.js';
export type { ByteSource } from './sources/byte-source.js';
export { createBlobSource } from './sources/byte-source.js';
export { openHttpSource } from './sources/http-source.js';
export { findTissue, type FindTissueOptions } from './tissue/find-tissue.js';
export { maskFromGeoJson } from './tissue/mask-from-geojson.js';
export { maskFromImage, tissueShare, type TissueMask } from './tissue/tissue-mask.js';
export { readOverview } from './resample/read-overview.js';
export { measureColors, type ColorStatistics } from './regions/match-colors.js';
