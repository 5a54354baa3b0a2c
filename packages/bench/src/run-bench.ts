// The benchmarks by name; each loads only what it needs.
import type { EndToEndOptions } from './end2end/open-subject.js';
import type { EndToEndDocument } from './end2end/run-end-to-end.js';
import type { Bench, BenchCase, BenchContext, BenchDocument, BenchOptions } from './bench-case.js';

const benches = {
  forward: async () => (await import('./bench-forward.js')).benchForward,
  'train-step': async () => (await import('./bench-train-step.js')).benchTrainStep,
  session: async () => (await import('./bench-session.js')).benchSession,
  postprocess: async () => (await import('./bench-postprocess.js')).benchPostprocess,
  metrics: async () => (await import('./bench-metrics.js')).benchMetrics,
  transforms: async () => (await import('./bench-transforms.js')).benchTransforms,
  prepare: async () => (await import('./bench-prepare.js')).benchPrepare,
} satisfies Readonly<Record<string, () => Promise<Bench>>>;

export type BenchName = keyof typeof benches;

/**
 * Measures one part. Its input is made from fixed seeds; nothing is read but what it writes to a temporary folder.
 * @throws EngineOptionError for an unknown provider; ArgumentError for a precision that the benchmark lacks; the reason of
 * the signal when it is aborted.
 */
export async function runBench(name: BenchName, options: BenchOptions, context: BenchContext): Promise<BenchDocument> {
  const bench = await benches[name]();
  const cases: BenchCase[] = [];
  for await (const measured of bench(options, context)) cases.push(measured);
  return { name, cases };
}

/**
 * Measures every provider and precision that this machine has, or those asked for, and lists the others with the reason.
 * @throws UnsupportedError where none can be measured; EngineOptionError for an unknown provider; FileError, WeightsError or
 * ShapeError for what is to be segmented.
 */
export async function runBenchEndToEnd(options: EndToEndOptions, context: BenchContext): Promise<EndToEndDocument> {
  return (await import('./end2end/run-end-to-end.js')).runEndToEnd(options, context);
}
