// Messages and progress on one stream; a bar where it is a terminal, a line every few seconds where it is not.
import type { Reporter } from '@hovernet/core';
import { createBarProgress } from './bar-progress.js';
import { createLineProgress } from './line-progress.js';
import type { TextStream } from './text-stream.js';

export interface ReporterOptions {
  /** Whether `detail` is shown. @default false */
  readonly verbose?: boolean;
  /** Milliseconds since any fixed moment. @default performance.now */
  readonly now?: () => number;
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
