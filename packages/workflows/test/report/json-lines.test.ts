import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openJsonLines } from '../../src/report/json-lines.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('writes one document a line, at once, and continues a former log when asked to', () => {
  const path = join(folder, 'new', 'log.jsonl');
  const first = openJsonLines(path);
  first.write({ step: 1, loss: NaN });
  expect(readFileSync(path, 'utf8')).toBe('{"step":1,"loss":null}\n');
  first.close();
  const second = openJsonLines(path, { append: true });
  second.write({ step: 2, text: 'a\nb' });
  second.close();
  expect(readFileSync(path, 'utf8').trim().split('\n')).toEqual([
    '{"step":1,"loss":null}',
    '{"step":2,"text":"a\\nb"}',
  ]);
  openJsonLines(path).close();
  expect(readFileSync(path, 'utf8')).toBe('');
});
