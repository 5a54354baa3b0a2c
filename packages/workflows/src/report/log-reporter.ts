// A reporter with a level, that also writes what it tells to a file.
import { createSilentReporter, type Reporter } from '@hovernet/core';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogSettings } from '../config/read-logging.js';

/**
 * Tells `reporter` what `settings.level` lets through, and writes messages and details with their time to `settings.file`;
 * its folder is made. Progress goes to `reporter` alone. Throws what the file system throws.
 */
export function createLogReporter(
  reporter: Reporter,
  { level, file, append }: LogSettings,
  now: () => Date = () => new Date(),
): Reporter {
  const shown = level === 'DEBUG' || level === 'INFO';
  if (file !== null) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '', { flag: append ? 'a' : 'w' });
  }
  const write = (name: string, text: string) => {
    if (file !== null) appendFileSync(file, `${now().toISOString()} - ${name} - ${text}\n`);
  };
  return {
    message(text) {
      if (!shown) return;
      reporter.message(text);
      write('INFO', text);
    },
    detail(text) {
      if (level !== 'DEBUG') return reporter.detail(text);
      reporter.message(text);
      write('DEBUG', text);
    },
    startProgress: (options) => (shown ? reporter : createSilentReporter()).startProgress(options),
  };
}
