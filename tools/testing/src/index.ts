// What tests share: reference data on disk, NumPy fixtures, comparison of arrays.
export * from './browser-page.js';
export * from './list-loads.js';
export { bundleCommands, checkCommand, type BundleCommand } from './bundle-commands/bundle-commands.js';
export * from './bundle-commands/bundle-project.js';
export type { CheckedRun, FinishedCommand } from './bundle-commands/check-run.js';
export { serveEncoder, type EncoderServer } from './bundle-commands/serve-encoder.js';
export { splitWords } from './bundle-commands/split-words.js';
export * from './compare.js';
export * from './golden-image.js';
export * from './noise-weights.js';
export * from './numpy.js';
export * from './onnx-checker.js';
export * from './onnx-runtimes.js';
export * from './readme-example.js';
export * from './reference-data.js';
export * from './software-vulkan.js';
