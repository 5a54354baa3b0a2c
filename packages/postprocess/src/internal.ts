// Entry @hovernet/postprocess/internal: single steps, which only this project's packages use. They may change at any time.
export { chooseType, type TypeChoice } from './choose-type.js';
export { computeBorderMap, type ComputeBorderMapOptions } from './compute-border-map.js';
export { computeDistanceMap, type ComputeDistanceMapOptions } from './compute-distance-map.js';
export { findMarkers, type FindMarkersOptions } from './find-markers.js';
export { floodMarkers } from './flood-markers.js';
export { labelComponents } from './label-components.js';
export { measureRegions, type RegionMeasurements } from './measure-regions.js';
export type { Float64Map, Mask, RealMap } from './planes.js';
export { removeSmallObjects } from './remove-small-objects.js';
export { thresholdLogits, type ThresholdLogitsOptions } from './threshold-logits.js';
