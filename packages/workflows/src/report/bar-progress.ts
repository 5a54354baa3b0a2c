// Progress as a bar that is redrawn in place on a terminal.
import type { Progress, ProgressOptions } from '@hovernet/core';
import cliProgress from 'cli-progress';
import type { TextStream } from './text-stream.js';

/** A bar with label, share, count, time left and the values last given. */
export function createBarProgress(stream: TextStream, options: ProgressOptions): Progress {
  const { label, total, unit = 'steps' } = options;
  const bar = new cliProgress.SingleBar({
    stream: stream as NodeJS.WritableStream,
    format: `${label} {bar} {percentage}% | {value}/{total} ${unit} | {eta_formatted} left {values}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    stopOnComplete: false,
  });
  bar.start(total, 0, { values: '' });
  return {
    update: (done, values) => bar.update(done, values && { values: formatValues(values) }),
    finish: () => bar.stop(),
  };
}

/** `name value` pairs behind a separator; empty without pairs. */
export function formatValues(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  return pairs.length === 0 ? '' : `| ${pairs.join(' · ')}`;
}
