// Entry @hovernet/inference/internal: parts that other packages of this project build on. They may change at any time.
export { readAdvice } from './network/describe-model.js';
export { createOnnxNetwork, type NetworkDescription } from './network/onnx-network.js';
export { openProgramNetwork } from './network/open-program-network.js';
export type { ProgramWeights } from './network/program-network.js';
export type { BranchOutputs, TrainedNetwork, WindowBatch } from './network/trained-network.js';
export { openNetwork, type OpenedNetwork, type OpenNetworkOptions } from './node/open-network.js';
export { overlapImages } from './overlap-images.js';
export { defaultWindow, planImage, standardWindow, type ImagePlan, type ImagePlanOptions } from './plan-image.js';
export { createFolderScratch } from './scratch/node/folder-scratch.js';
export { createSegmenter, type SegmenterParts } from './segmenter.js';
export { createFolderJournal, type InterruptedRun } from './journal/node/folder-journal.js';
export { openImage, type NodeImage } from './sources/node/open-image.js';
export { isSlideSource, type SlideSource } from './sources/slide-source.js';
export { chooseWindows, estimateWindowBytes, type WindowChoice } from './windows/choose-window.js';
export { imageRange, readCalibrationWindows, type CalibrationSize } from './windows/node/calibration-windows.js';
export { usableOutput } from './windows/usable-output.js';
export { viewSets, type ViewSet } from './windows/views.js';
