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

/** Columns of figures that not every benchmark has. */
const extraColumns = {
  ms_per_164px: 'ms per 164²',
  nuclei: 'nuclei',
  min_cpu_ms: 'min cpu ms',
} satisfies Partial<Record<keyof BenchCase, string>>;

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
  const extra = Object.entries(extraColumns).filter(([key]) => cases.some((measured) => key in measured));
  const rows = cases.map((measured) => {
    const { case: label, median_ms, min_ms, gflops, peak_rss_mb } = measured;
    const more = extra.map(([key]) => measured[key as keyof typeof extraColumns] ?? '–');
    return [label, median_ms, min_ms, measured.runs, gflops ?? '–', peak_rss_mb, ...more];
  });
  const header = ['case', 'median ms', 'min ms', 'runs', 'GFLOP/s', 'peak MiB', ...extra.map(([, title]) => title)];
  const { engine, provider, threads, precision } = cases.find((measured) => measured.engine === 'onnx') ?? cases[0]!;
  return {
    document: { name, cases },
    summary: `${name}: ${engine} ${provider}, ${threads} threads, ${precision}\n${formatTable(header, rows)}`,
  };
}
