// What the command line reads and writes, so that tests can hold it in their hands.
import type { TextStream } from '../report/text-stream.js';

export interface CommandIo {
  /** Results. */
  readonly stdout: TextStream;
  /** Messages, progress, errors. */
  readonly stderr: TextStream;
  /** Aborted on interruption. */
  readonly signal: AbortSignal;
}

/** Options that every command has. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
}
