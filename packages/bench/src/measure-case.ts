// Runs a piece of work several times and reports how long it took.
import type { BenchCase, BenchContext } from './bench-case.js';
import { readPeakMemoryMb, resetPeakMemory } from './peak-memory.js';

/** What runs the work. */
export type Runner = Pick<BenchCase, 'engine' | 'provider' | 'threads' | 'precision'>;

/** Work that runs without an engine: one thread, JavaScript's numbers. */
export const javascriptRunner: Runner = { engine: 'javascript', provider: 'cpu', threads: 1, precision: 'float64' };

export interface MeasuredWork {
  readonly name: string;
  readonly runs: number;
  readonly runner: Runner;
  /** Whether one run goes before those that are measured. @default true */
  readonly warmUp?: boolean;
  /** Floating-point operations of one run. @default none are counted */
  readonly operations?: number;
  /** Milliseconds since any fixed moment. @default performance.now */
  readonly now?: () => number;
  run(): unknown;
}

/** As {@link measureCase} for work on an image: with the nuclei that a run counts, and its processor time. */
export async function measureImageCase(
  work: Omit<MeasuredWork, 'run'> & { run(): number | Promise<number> },
  context: BenchContext,
): Promise<BenchCase> {
  let nuclei = 0;
  const run = async () => {
    nuclei = await work.run();
  };
  const { min_cpu_ms, ...measured } = await measureCpuCase({ ...work, run }, context);
  return { ...measured, nuclei, min_cpu_ms };
}

/** As {@link measureCase}, with the processor time of the quickest run, of all threads of this process. */
export async function measureCpuCase(
  work: MeasuredWork,
  context: BenchContext,
): Promise<BenchCase & { readonly min_cpu_ms: number }> {
  let quickest = Infinity;
  const run = async () => {
    const before = process.cpuUsage();
    await work.run();
    const { user, system } = process.cpuUsage(before);
    quickest = Math.min(quickest, (user + system) / 1000);
  };
  return { ...(await measureCase({ ...work, run }, context)), min_cpu_ms: quickest };
}

/**
 * Measures `work`; progress goes to the reporter.
 * @throws the reason of the context's signal when it is aborted between two runs.
 */
export async function measureCase(work: MeasuredWork, { reporter, signal }: BenchContext): Promise<BenchCase> {
  const { name, runs, runner, warmUp = true, operations, now = () => performance.now() } = work;
  const times: number[] = [];
  resetPeakMemory();
  const progress = reporter.startProgress({ label: name, total: runs, unit: 'runs' });
  try {
    for (let run = warmUp ? -1 : 0; run < runs; run++) {
      signal.throwIfAborted();
      const started = now();
      await work.run();
      if (run < 0) continue;
      times.push(now() - started);
      progress.update(times.length, { ms: times.at(-1)!.toFixed(1) });
    }
  } finally {
    progress.finish();
  }
  const median = medianOf(times);
  return {
    case: name,
    median_ms: median,
    min_ms: Math.min(...times),
    runs,
    gflops: operations === undefined ? null : operations / (median * 1e6),
    peak_rss_mb: Math.round(readPeakMemoryMb()),
    ...runner,
  };
}

/** The middle value, or the mean of the two in the middle. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
