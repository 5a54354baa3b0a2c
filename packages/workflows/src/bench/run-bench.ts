// The bench workflow: measured times of one part.
import { ArgumentError } from '@hovernet/core';
import { formatTable } from '../report/format-table.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import type { Bench, BenchCase, BenchOptions, BenchSubject } from './bench-case.js';

/** Loads only what a benchmark needs. */
const benches = {
  forward: async () => (await import('./bench-forward.js')).benchForward,
  'train-step': async () => (await import('./bench-train-step.js')).benchTrainStep,
  session: async () => (await import('./bench-session.js')).benchSession,
  postprocess: async () => (await import('./bench-postprocess.js')).benchPostprocess,
  metrics: async () => (await import('./bench-metrics.js')).benchMetrics,
  transforms: async () => (await import('./bench-transforms.js')).benchTransforms,
  prepare: async () => (await import('./bench-prepare.js')).benchPrepare,
} satisfies Readonly<Record<string, () => Promise<Bench>>>;

/** Columns of figures that not every benchmark has. */
const extraColumns = {
  ms_per_164px: 'ms per 164²',
  nuclei: 'nuclei',
  min_cpu_ms: 'min cpu ms',
} satisfies Partial<Record<keyof BenchCase, string>>;

/** What only the benchmark from end to end takes. */
const subjectFlags: Readonly<Record<keyof BenchSubject, string>> = {
  weightsPath: '--weights',
  imagePath: '--image',
  sizePx: '--size',
  batchSize: '--sw_batch_size',
};

export type BenchName = keyof typeof benches | 'end2end';

/**
 * Runs the benchmark `name`. Its input is made from fixed seeds, or for `end2end` given: nothing else is read but what it
 * writes to a temporary folder.
 * @throws ArgumentError for a subject that the benchmark does not take.
 */
export async function runBench(
  name: BenchName,
  options: BenchOptions,
  context: WorkflowContext,
): Promise<WorkflowOutcome> {
  if (name === 'end2end') return (await import('./end2end/run-end-to-end.js')).runEndToEnd(options, context);
  const given = Object.entries(subjectFlags).find(([key]) => options.subject[key as keyof BenchSubject] !== undefined);
  if (given) throw new ArgumentError(`bench ${name}: expected no ${given[1]}, which is for end2end alone`);
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
