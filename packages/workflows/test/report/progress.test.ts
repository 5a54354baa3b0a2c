import { describe, expect, it } from 'vitest';
import { formatSeconds } from '../../src/report/line-progress.js';
import { createReporter } from '../../src/report/reporter.js';

function createTerminal(isTTY: boolean) {
  const lines: string[] = [];
  let nowMs = 0;
  const stream = {
    isTTY,
    write: (text: string) => lines.push(text),
    on: () => stream,
    cursorTo: () => true,
    clearLine: () => true,
    columns: 120,
  };
  return { lines, stream, now: () => nowMs, wait: (ms: number) => void (nowMs += ms) };
}

describe('progress without a terminal', () => {
  it('writes a line every five seconds and one at the end', () => {
    const { lines, stream, now, wait } = createTerminal(false);
    const progress = createReporter(stream, { now }).startProgress({ label: 'epoch 1/2', total: 10, unit: 'steps' });
    for (let step = 1; step <= 10; step++) {
      wait(2000);
      progress.update(step, { loss: (1 / step).toFixed(2) });
    }
    progress.finish();
    expect(lines).toEqual([
      'epoch 1/2: 3/10 steps, 14.0 s left | loss 0.33\n',
      'epoch 1/2: 6/10 steps, 8.0 s left | loss 0.17\n',
      'epoch 1/2: 9/10 steps, 2.0 s left | loss 0.11\n',
      'epoch 1/2: 10/10 steps, 20.0 s | loss 0.10\n',
    ]);
  });

  it('says how far it came when it is ended early', () => {
    const { lines, stream, now } = createTerminal(false);
    createReporter(stream, { now }).startProgress({ label: 'tiles', total: 4 }).finish();
    expect(lines).toEqual(['tiles: 0/4 steps, 0.0 s\n']);
  });
});

describe('progress on a terminal', () => {
  it('draws a bar with label, count and values', () => {
    const { lines, stream } = createTerminal(true);
    const progress = createReporter(stream).startProgress({ label: 'tiles', total: 4, unit: 'tiles' });
    progress.update(2, { loss: '0.5', speed: '3/s' });
    progress.finish();
    const drawn = lines.join('');
    expect(drawn).toContain('tiles ');
    expect(drawn).toContain('50% | 2/4 tiles');
    expect(drawn).toContain('| loss 0.5 · speed 3/s');
  });
});

describe('messages', () => {
  it('shows details only when asked for', () => {
    const quiet = createTerminal(false);
    const verbose = createTerminal(false);
    for (const [terminal, isVerbose] of [[quiet, false] as const, [verbose, true] as const]) {
      const reporter = createReporter(terminal.stream, { verbose: isVerbose });
      reporter.message('a');
      reporter.detail('b');
    }
    expect(quiet.lines).toEqual(['a\n']);
    expect(verbose.lines).toEqual(['a\n', 'b\n']);
  });
});

describe('formatSeconds', () => {
  it.each([
    [0, '0.0 s'],
    [8120, '8.1 s'],
    [59_990, '1 min 00 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 05 min'],
  ])('writes %d ms as %s', (durationMs, text) => {
    expect(formatSeconds(durationMs)).toBe(text);
  });
});
