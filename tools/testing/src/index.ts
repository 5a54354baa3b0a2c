// What tests share: reference data on disk, NumPy fixtures, comparison of arrays.
export * from './browser-page.js';
export * from './compare.js';
export * from './noise-weights.js';
export * from './numpy.js';
export * from './onnx-checker.js';
export * from './onnx-runtimes.js';
export * from './readme-example.js';
export * from './reference-data.js';
export * from './software-vulkan.js';
