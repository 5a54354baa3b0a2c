// Entry /internal: parts that this repository's benchmarks and tests run by themselves; they may change at any time.
export { listMetrics } from './evaluation/list-metrics.js';
export { openLoaders } from './open-loaders.js';
export { createAdamState, stepAdam } from './optimizer.js';
export { resolveTrainOptions } from './train-options.js';
export { createTrainProgram, totalLossOutput } from './train-program.js';
export { createTrainStep } from './train-step.js';
