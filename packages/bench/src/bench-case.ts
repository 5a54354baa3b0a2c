// What a benchmark reports, and what it is asked for.
import type { Reporter } from '@hovernet/core';
import type { PresetName } from '@hovernet/model';
import type { OnnxEngineOptions } from '@hovernet/onnx/node';

/** One measured case; keys as scripts read them. */
export interface BenchCase {
  readonly case: string;
  readonly median_ms: number;
  readonly min_ms: number;
  /** Measured runs. */
  readonly runs: number;
  /** 10⁹ floating-point operations a second of the median run, two for a multiply–accumulate; null where none are counted. */
  readonly gflops: number | null;
  /** Most resident memory of the process during the case, in MiB. */
  readonly peak_rss_mb: number;
  /** onnx, or javascript for what runs without an engine. */
  readonly engine: string;
  readonly provider: string;
  readonly threads: number;
  readonly precision: string;
  /** Milliseconds of the median run for 164² pixels of output, what a standard window gives; only where windows differ. */
  readonly ms_per_164px?: number;
  /** Nuclei in the result, or in the truth that it is scored against; only where images are measured without a network. */
  readonly nuclei?: number;
  /** Processor time of the quickest run in milliseconds: other work on the machine counts less in it. For the same. */
  readonly min_cpu_ms?: number;
}

/** What was measured; keys as scripts read them. */
export interface BenchDocument {
  readonly name: string;
  readonly cases: readonly BenchCase[];
}

/** How the network computes. */
export type BenchPrecision = NonNullable<OnnxEngineOptions['precision']>;

export interface BenchOptions {
  /** Measured runs of each case. @default the benchmark's own number, 1 to 20 */
  readonly runs?: number | undefined;
  /** Network to measure, with random weights. @default the benchmark's own choice */
  readonly preset?: PresetName | undefined;
  /** Threads of the engine; 0 takes all processors. @default 0 */
  readonly threads?: number | undefined;
  /** Execution providers of ONNX Runtime in the order in which they are tried. @default cpu; all from end to end */
  readonly providers?: readonly string[] | undefined;
  /** @default float32; all that a provider has from end to end */
  readonly precision?: BenchPrecision | undefined;
  /** Sides of windows in pixels, for the benchmarks of the network. @default the standard one */
  readonly windowsPx?: readonly number[] | undefined;
}

/** Surroundings of a benchmark. */
export interface BenchContext {
  /** Aborted to stop between two runs. */
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
}

/** Measures the cases of one benchmark, in the order in which they are yielded. */
export type Bench = (options: BenchOptions, context: BenchContext) => AsyncGenerator<BenchCase, void, undefined>;
