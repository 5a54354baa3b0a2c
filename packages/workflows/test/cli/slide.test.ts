import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPng } from '@hovernet/files/node';
import { workspacePath } from '@hovernet/testing';
import { afterAll, expect, it } from 'vitest';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-slide-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sample = workspacePath('samples/slides/CMU-1-Small-Region.svs');

it('tells what a slide is and writes pictures of it', async () => {
  const run = await runCaptured(['slide', sample, '--out', join(folder, 'pictures'), '--json']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const document = parseOutput(run) as { readonly tissue_mm2: number; readonly files: readonly string[] };
  expect(document).toMatchObject({
    format: 'svs',
    vendor: 'Aperio',
    levels: [{ width: 2220, height: 2967, downsample: 1, tile: [240, 240] }],
    mpp: [0.499, 0.499],
    associated: ['thumbnail', 'label', 'macro'],
  });
  expect(document.tissue_mm2).toBeCloseTo(0.628, 2);
  const shapes = await Promise.all(document.files.map(async (file) => (await readPng(file)).shape));
  expect(shapes).toEqual([[1024, 766, 3], [185, 138, 3]]); // prettier-ignore
});

it('takes a resolution, and writes nothing where it is not asked to', async () => {
  const run = await runCaptured(['slide', sample, '--mpp', '0.25']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.stdout).toContain('resolution: 0.25 × 0.25 µm per pixel\ntissue: ');
});

it('names a file that is none', async () => {
  writeFileSync(join(folder, 'text.svs'), 'no slide');
  const run = await runCaptured(['slide', join(folder, 'text.svs')]);
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain('text.svs: not a PNG, JPEG, TIFF, SVS, DICOM or .npy file; check the path');
});
