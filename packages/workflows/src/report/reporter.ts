// Messages and progress on one stream; a bar where it is a terminal, a line every few seconds where it is not.
import type { Reporter } from '@hovernet/core';
import { createBarProgress } from './bar-progress.js';
import { escapeControls, escapeControlsInLines } from './escape-controls.js';
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
    message: (text) => void stream.write(`${escapeControlsInLines(text)}\n`),
    detail: (text) => void (verbose && stream.write(`${escapeControlsInLines(text)}\n`)),
    startProgress: (options) => {
      const progress = { ...options, label: escapeControls(options.label) };
      return stream.isTTY ? createBarProgress(stream, progress) : createLineProgress(stream, progress, now);
    },
  };
}
