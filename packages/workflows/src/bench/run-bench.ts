// The bench workflow: measured times of one part.
import { formatTable } from '../report/format-table.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import type { Bench, BenchCase, BenchOptions } from './bench-case.js';

/** Loads only what a benchmark needs. */
const benches = {
  forward: async () => (await import('./bench-forward.js')).benchForward,
  'train-step': async () => (await import('./bench-train-step.js')).benchTrainStep,
  session: async () => (await import('./bench-session.js')).benchSession,
  postprocess: async () => (await import('./bench-postprocess.js')).benchPostprocess,
  metrics: async () => (await import('./bench-metrics.js')).benchMetrics,
  transforms: async () => (await import('./bench-transforms.js')).benchTransforms,
  prepare: async () => (await import('./bench-prepare.js')).benchPrepare,
  end2end: async () => (await import('./bench-end2end.js')).benchEndToEnd,
} satisfies Readonly<Record<string, () => Promise<Bench>>>;

export type BenchName = keyof typeof benches;

/** Runs the benchmark `name`. Its input is made from fixed seeds: nothing is read but what it writes to a temporary folder. */
export async function runBench(
  name: BenchName,
  options: BenchOptions,
  context: WorkflowContext,
): Promise<WorkflowOutcome> {
  const bench = await benches[name]();
  const cases: BenchCase[] = [];
  for await (const measured of bench(options, context)) cases.push(measured);
  const scaled = cases.some((measured) => measured.ms_per_164px !== undefined);
  const rows = cases.map(({ case: label, median_ms, min_ms, runs, gflops, peak_rss_mb, ms_per_164px }) => {
    return [label, median_ms, min_ms, runs, gflops ?? '–', peak_rss_mb, ...(scaled ? [ms_per_164px ?? '–'] : [])];
  });
  const header = ['case', 'median ms', 'min ms', 'runs', 'GFLOP/s', 'peak MiB', ...(scaled ? ['ms per 164²'] : [])];
  const { engine, provider, threads, precision } = cases.find((measured) => measured.engine === 'onnx') ?? cases[0]!;
  return {
    document: { name, cases },
    summary: `${name}: ${engine} ${provider}, ${threads} threads, ${precision}\n${formatTable(header, rows)}`,
  };
}
