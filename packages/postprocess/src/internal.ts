// Entry @hovernet/postprocess/internal: single steps, which only this project's packages use. They may change at any time.
export { thresholdLogits, type ThresholdLogitsOptions } from './classify-pixels.js';
export { computeBorderMap, type ComputeBorderMapOptions } from './compute-border-map.js';
export { computeDistanceMap, type ComputeDistanceMapOptions } from './compute-distance-map.js';
export { chooseType, type TypeChoice } from './describe-nuclei.js';
export { findMarkers, type FindMarkersOptions } from './find-markers.js';
export { floodMarkers } from './flood-markers.js';
export { labelComponents, removeSmallObjects } from './label-components.js';
export { measureRegions, type RegionMeasurements } from './measure-regions.js';
export type { Float64Map, Mask, RealMap } from './planes.js';
