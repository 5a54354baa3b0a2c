// Public interface of @hovernet/bench.
export type { BenchCase, BenchContext, BenchDocument, BenchOptions, BenchPrecision } from './bench-case.js';
export { compareVariants, nameVariant, type ComparedMethod } from './end2end/compare-variants.js';
export type { AbsentVariant } from './end2end/list-variants.js';
export type { EndToEndOptions } from './end2end/open-subject.js';
export type { EndToEndDocument } from './end2end/run-end-to-end.js';
export { readPeakMemoryMb, resetPeakMemory } from './peak-memory.js';
export { runBench, runBenchEndToEnd, type BenchName } from './run-bench.js';
export { createScene, type Scene } from './scene.js';
