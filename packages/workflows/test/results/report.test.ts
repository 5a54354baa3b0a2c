import { createRgbImage, type Nucleus } from '@hovernet/core';
import { formatNuclei } from '@hovernet/export';
import { writePng } from '@hovernet/files/node';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseOutput, runCaptured } from '../cli/run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const nucleus: Nucleus = {
  ...{ id: 1, type: 1, typeProbability: 0.5, centroid: [2.5, 2.5], box: [2, 2, 4, 4] },
  contour: [
    [2, 2],
    [2, 3],
    [3, 3],
    [3, 2],
  ],
};
const classes = [{ id: 1, name: '<i>epithelial</i>', color: [255, 0, 0] as const }];

it('writes a page for each result, and one that lists them with the scores', async () => {
  const run = join(folder, 'run');
  mkdirSync(run);
  const document = formatNuclei({ nuclei: [nucleus] }, { width: 100, height: 100, mpp: 1, classes });
  writeFileSync(join(run, 'a.json'), JSON.stringify(document));
  writeFileSync(join(run, 'infer_config.json'), '{}');
  const scores = {
    images: [{ name: 'a' }],
    mean: { dice: 0.8, pq: null },
    detection: { f1d: 0.7 },
    interval_95: { mean: { dice: [0.75, 0.85] }, detection: { f1d: [0.6, 0.8] } },
  };
  writeFileSync(join(run, 'evaluation.json'), JSON.stringify(scores));
  await writePng(join(folder, 'a.png'), createRgbImage(100, 100));
  const output = await runCaptured(['report', run, '--images', folder, '--json']);
  expect(output.stderr).toBe('');
  const pages = [join(run, 'a_report.html')];
  expect(parseOutput(output)).toEqual({ report: join(run, 'report.html'), pages });
  const index = readFileSync(join(run, 'report.html'), 'utf8');
  expect(index).toContain('<td><a href="a_report.html">a</a></td><td>1</td><td>100</td>');
  expect(index).toContain('<td>dice</td><td>0.8000</td><td>0.7500</td><td>0.8500</td>');
  const page = readFileSync(pages[0]!, 'utf8');
  expect(page).toContain('data:image/png');
  expect(page).toContain('&lt;i&gt;epithelial&lt;/i&gt;');
});

it('refuses a folder without results', async () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const { exitCode, stderr } = await runCaptured(['report', empty]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/empty: holds neither NAME\.json of nuclei nor evaluation\.json/);
});
