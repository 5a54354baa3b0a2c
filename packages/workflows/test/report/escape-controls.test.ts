import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/report/describe-error.js';
import { escapeControls, escapeControlsInLines } from '../../src/report/escape-controls.js';
import { formatTable } from '../../src/report/format-table.js';
import { createReporter } from '../../src/report/reporter.js';

const hostile = 'a\u001b[2J\u009b31m\nb\u202e';
const harmless = 'a\\u001b[2J\\u009b31m\\nb\\u202e';

describe('names that steer a terminal', () => {
  it('are written as they would be in JSON', () => {
    expect(escapeControls(hostile)).toBe(harmless);
    expect(escapeControlsInLines('one\ttwo\n\u0007é 核')).toBe('one\ttwo\n\\u0007é 核');
  });

  it('do so in tables, messages, labels of progress and errors', () => {
    expect(formatTable(['name'], [[hostile]])).toContain(harmless);
    const written: string[] = [];
    const reporter = createReporter({ write: (text: string) => written.push(text) });
    reporter.message('\u001b[2J');
    reporter.startProgress({ label: hostile, total: 1 }).finish();
    expect(written[0]).toBe('\\u001b[2J\n');
    expect(written[1]).toContain(`${harmless}: 0/1`);
    expect(describeError(new Error('\u001b[2J'), { verbose: false }).text).toContain('\\u001b[2J');
  });
});
