import type { Reporter } from '@hovernet/core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLogging } from '../../src/config/read-logging.js';
import { createLogReporter } from '../../src/report/log-reporter.js';
import { createTemporaryFiles } from './temporary-files.js';

const { folder, write } = createTemporaryFiles();

describe('readLogging', () => {
  it('reads the packaged file', async () => {
    expect(await readLogging('configs/logging.conf')).toEqual({ level: 'INFO', file: null, append: true });
  });

  it.each([
    ['a.json', '{"level": "debug", "file": "x.log"}', { level: 'DEBUG', file: 'x.log', append: true }],
    ['b.yaml', 'level: WARNING\n', { level: 'WARNING', file: null, append: true }],
    [
      'c.yaml',
      'version: 1\nroot: {level: ERROR, handlers: [f]}\nhandlers:\n  f: {class: logging.FileHandler, filename: y.log, mode: w}\n',
      { level: 'ERROR', file: 'y.log', append: false },
    ],
    [
      'd.conf',
      `# a comment
[loggers]
keys = root
[logger_root]
level = DEBUG
handlers = consoleHandler,fileHandler
[handler_consoleHandler]
class = StreamHandler
args = (sys.stdout,)
[handler_fileHandler]
class: FileHandler
args: ('logs/train.log', 'w')
[formatter_f]
format = %(asctime)s = %(message)s
`,
      { level: 'DEBUG', file: 'logs/train.log', append: false },
    ],
  ])('reads %s', async (name, content, settings) => {
    expect(await readLogging(write(name, content))).toEqual(settings);
  });

  it.each([
    ['e.conf', '[loggers]\nkeys=root\n', 'expected a section [logger_root]'],
    ['f.json', '{"level": "LOUD"}', 'expected level DEBUG or INFO or WARNING or ERROR or CRITICAL, got "LOUD"'],
    ['g.json', '{"file": 3}', 'expected the path of a log file, got 3'],
    ['h.conf', undefined, 'there is no such file'],
  ])('refuses %s', async (name, content, message) => {
    await expect(readLogging(content === undefined ? join(folder, name) : write(name, content))).rejects.toThrow(
      message,
    );
  });
});

describe('createLogReporter', () => {
  function record() {
    const told: string[] = [];
    const reporter: Reporter = {
      message: (text) => void told.push(`message ${text}`),
      detail: (text) => void told.push(`detail ${text}`),
      startProgress: ({ label }) => {
        told.push(`progress ${label}`);
        return { update() {}, finish() {} };
      },
    };
    return { told, reporter };
  }

  it.each([
    ['DEBUG', ['message a', 'message b', 'progress c'], ['INFO - a', 'DEBUG - b']],
    ['INFO', ['message a', 'detail b', 'progress c'], ['INFO - a']],
    ['WARNING', ['detail b'], []],
  ] as const)('at %s tells and writes what the level lets through', (level, expected, lines) => {
    const { told, reporter } = record();
    const file = join(folder, 'logs', `${level}.log`);
    const log = createLogReporter(reporter, { level, file, append: true }, () => new Date(0));
    log.message('a');
    log.detail('b');
    log.startProgress({ label: 'c', total: 1 }).finish();
    expect(told).toEqual(expected);
    expect(readFileSync(file, 'utf8').split('\n').filter(Boolean)).toEqual(
      lines.map((line) => `1970-01-01T00:00:00.000Z - ${line}`),
    );
  });

  it('goes on with a file, or starts it anew', () => {
    const file = write('kept.log', 'old\n');
    const { reporter } = record();
    createLogReporter(reporter, { level: 'INFO', file, append: true }, () => new Date(0)).message('new');
    expect(readFileSync(file, 'utf8')).toBe('old\n1970-01-01T00:00:00.000Z - INFO - new\n');
    createLogReporter(reporter, { level: 'INFO', file, append: false });
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
