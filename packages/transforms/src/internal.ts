// Entry @hovernet/transforms/internal: what only this project's packages use. It may change at any time.
export { cropCenter } from './crop-center.js';
export type { ElasticChoice, FilterChoice } from './draw-train-parameters.js';
export { scaleIntensity } from './scale-intensity.js';
export { warpSample, type GeometryParameters } from './warp-sample.js';
