import type { EpochRecord } from '@hovernet/training';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkDocument } from '../../src/config/check-document.js';
import { openJournal } from '../../src/training/training-journal.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('draws one line of validations, also where not every epoch was validated', async () => {
  const journal = openJournal(checkDocument({ output_dir: folder }));
  const history = Array.from({ length: 9 }, (_, index): EpochRecord => {
    const epoch = index + 1;
    const dice = epoch % 3 === 0 ? 0.1 * epoch : null;
    return { epoch, learning_rate: 1e-4, loss: 1 / epoch, terms: {}, val_mean_dice: dice, seconds: 1 };
  });
  await journal.onStart([]);
  await journal.onEpoch(history);
  journal.close();
  const svg = readFileSync(join(folder, 'stage0/dice.svg'), 'utf8');
  const lines = [...svg.matchAll(/<(?:polyline|path)[^>]*(?:points|d)="([^"]*)"/g)].map(([, points]) => points!);
  const longest = lines.map((points) => points.match(/[\d.]+[ ,][\d.]+/g)?.length ?? 0);
  expect(Math.max(...longest)).toBe(3);
});
