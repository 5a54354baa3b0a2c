// Entry @hovernet/transforms/internal: what only this project's packages use. It may change at any time.
export { scaleIntensity } from './assemble-sample.js';
export type { ElasticChoice, FilterChoice } from './draw-train-parameters.js';
export { cropCenter } from './region.js';
export { warpSample, type GeometryParameters } from './warp-sample.js';
export { createLabelledMaps, createLabelledScene, type LabelledScene } from './scene/labelled-scene.js';
export { windowOrigin } from './windows/plan-windows.js';
