// Progress for logs: a line at the end, and every few seconds until then.
import type { Progress, ProgressOptions } from '@hovernet/core';
import { formatValues } from './bar-progress.js';
import type { TextStream } from './text-stream.js';

const intervalMs = 5000;

/** Lines with label, count, time left and the values last given; `now` is in milliseconds. */
export function createLineProgress(stream: TextStream, options: ProgressOptions, now: () => number): Progress {
  const { label, total, unit = 'steps' } = options;
  const startedMs = now();
  let writtenMs = startedMs;
  let done = 0;
  let shown = '';

  function write(tail: string): void {
    writtenMs = now();
    stream.write(`${label}: ${done}/${total} ${unit}, ${tail}${shown && ` ${shown}`}\n`);
  }

  return {
    update(count, values) {
      done = count;
      if (values) shown = formatValues(values);
      const elapsedMs = now() - startedMs;
      if (done < total && done > 0 && now() - writtenMs >= intervalMs)
        write(`${formatSeconds((elapsedMs * (total - done)) / done)} left`);
    },
    finish: () => write(`${formatSeconds(now() - startedMs)}`),
  };
}

/** Duration for people: `8.1 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatSeconds(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
