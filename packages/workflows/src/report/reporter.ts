// Messages and progress on one stream; a bar where it is a terminal, a line every few seconds where it is not.
import { createBarProgress } from './bar-progress.js';
import { createLineProgress } from './line-progress.js';

/** Where workflows tell what they do. */
export interface Reporter {
  /** One line that everyone should see. */
  message(text: string): void;
  /** One line that is shown only with `--verbose`. */
  detail(text: string): void;
  /** Starts a progress display; the caller finishes it, also when its work fails. */
  startProgress(options: ProgressOptions): Progress;
}

export interface ProgressOptions {
  /** What is being done, for example `epoch 3/20`. */
  readonly label: string;
  /** Number of steps. */
  readonly total: number;
  /** What a step is, in the plural. @default 'steps' */
  readonly unit?: string;
}

export interface Progress {
  /** `done` steps are finished in all; `values` are shown behind the bar, in their order. */
  update(done: number, values?: Readonly<Record<string, string>>): void;
  /** Ends the display and leaves its last state in view. */
  finish(): void;
}

/** The part of a writable stream that reports need. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

export interface ReporterOptions {
  /** Whether `detail` is shown. @default false */
  readonly verbose?: boolean;
  /** Milliseconds since any fixed moment. @default performance.now */
  readonly now?: () => number;
}

/** A reporter that tells nothing. */
export function createSilentReporter(): Reporter {
  return {
    message() {},
    detail() {},
    startProgress: () => ({ update() {}, finish() {} }),
  };
}

/** A reporter that writes to `stream`. */
export function createReporter(stream: TextStream, options: ReporterOptions = {}): Reporter {
  const { verbose = false, now = () => performance.now() } = options;
  return {
    message: (text) => void stream.write(`${text}\n`),
    detail: (text) => void (verbose && stream.write(`${text}\n`)),
    startProgress: (progress) =>
      stream.isTTY ? createBarProgress(stream, progress) : createLineProgress(stream, progress, now),
  };
}
