// What a workflow gets from its surroundings: interruption, messages, progress.
import type { Reporter } from '@hovernet/core';

/** Surroundings of a running workflow; it reads no clock, stream or signal but these. */
export interface WorkflowContext {
  /** Aborted on interruption; long work checks it between steps and throws its reason. */
  readonly signal: AbortSignal;
  /** Where messages and progress go: standard error on the command line. */
  readonly reporter: Reporter;
  /** Whether the result will be printed as JSON; workflows may skip what only people read. */
  readonly json: boolean;
}

/** What a workflow hands back to the command line. */
export interface WorkflowOutcome {
  /** Printed with `--json`; plain data with keys in snake_case; undefined for nothing. */
  readonly document: unknown;
  /** Printed to standard output without `--json`: lines for people, without a final line break. */
  readonly summary: string;
  /** One sentence for each input that failed while the rest was done; the command then exits with code 2. @default [] */
  readonly failures?: readonly string[];
}
