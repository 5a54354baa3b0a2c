// What a benchmark reports, and what it is asked for.
import type { PresetName } from '@hovernet/model';
import type { EnginePrecision } from '../config/configuration.js';
import type { WorkflowContext } from '../workflow-context.js';

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

export interface BenchOptions {
  /** Measured runs of each case; undefined for the benchmark's own number. */
  readonly runs: number | undefined;
  /** Network to measure; undefined for the benchmark's own choice. */
  readonly preset: PresetName | undefined;
  /** Threads of the engine; 0 takes all processors. */
  readonly threads: number;
  /** Execution providers of ONNX Runtime in the order in which they are tried; empty for the benchmark's own choice. */
  readonly providers: readonly string[];
  /** Undefined for the benchmark's own choice. */
  readonly precision: EnginePrecision | undefined;
  /** Sides of windows in pixels, for the benchmarks of the network; the standard one where empty. */
  readonly windowsPx: readonly number[];
  /** What is segmented from end to end; for that benchmark alone. */
  readonly subject: BenchSubject;
}

export interface BenchSubject {
  /** Weights in place of a preset's random ones. */
  readonly weightsPath?: string | undefined;
  /** PNG image in place of a scene. */
  readonly imagePath?: string | undefined;
  /** Side of the scene in pixels. */
  readonly sizePx?: number | undefined;
  /** Windows that go through the network at once. */
  readonly batchSize?: number | undefined;
}

/** Measures the cases of one benchmark, in the order in which they are yielded. */
export type Bench = (options: BenchOptions, context: WorkflowContext) => AsyncGenerator<BenchCase, void, undefined>;
