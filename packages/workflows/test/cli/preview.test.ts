import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPng } from '@hovernet/files/node';
import { loadTaxonomy } from '@hovernet/data';
import { workspacePath } from '@hovernet/testing';
import { openLoaders, resolveTrainOptions } from '@hovernet/training/internal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareSmallPatches } from '../e2e/small-project.js';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-preview-'));
const prepared = join(folder, 'prepared');
afterAll(() => rmSync(folder, { recursive: true }));

interface PreviewOutput {
  readonly out: string;
  readonly width: number;
  readonly height: number;
  readonly phase: string;
  readonly columns: readonly string[];
  readonly patches: readonly { readonly name: string; readonly index: number; readonly filter: string | null }[];
}

const [windowPx, outputPx] = [96, 44];
const sizes = ['--patch_size', `${windowPx}`, '--out_size', `${outputPx}`];

/** Gaps of the sheet, and the width of what a group shows. */
const gap = 12;
const groupPx = windowPx + 3 * outputPx + 3 * gap;

beforeAll(async () => {
  await prepareSmallPatches(folder, prepared);
});

async function preview(out: string, ...words: string[]): Promise<PreviewOutput> {
  const run = await runCaptured(['preview', '--dataset_dir', prepared, '--out', out, ...sizes, ...words, '--json']);
  expect(run.exitCode, run.stderr).toBe(0);
  return parseOutput<PreviewOutput>(run);
}

describe('hovernet preview', () => {
  it('writes a sheet of the size that it names, a row for each patch', async () => {
    const out = join(folder, 'new/sheet.png');
    const document = await preview(out, '--count', '2', '--scale', '1');
    expect(document).toMatchObject({ out, phase: 'Train', columns: ['image', 'horizontal', 'vertical', 'types'] });
    expect(document.patches).toHaveLength(2);
    expect([document.width, document.height]).toEqual([2 * groupPx + 2 * gap + 36, 2 * windowPx + 3 * gap]);
    expect((await readPng(out)).shape).toEqual([document.height, document.width, 3]);
    expect(readdirSync(join(folder, 'new'))).toEqual(['sheet.png']);
  });

  it('enlarges by two as long as nothing else is asked, and shows four patches', async () => {
    const { width, height, patches } = await preview(join(folder, 'default.png'));
    expect([width, height]).toEqual([4 * (windowPx + 3 * outputPx) + 8 * gap + 36, 8 * windowPx + 5 * gap]);
    expect(patches).toHaveLength(4);
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const [first, again, other] = ['1.png', '2.png', '3.png'].map((name) => join(folder, name));
    const words = ['--count', '3', '--scale', '1', '--seed'];
    const document = await preview(first!, ...words, '8');
    expect({ ...(await preview(again!, ...words, '8')), out: first }).toEqual(document);
    await preview(other!, ...words, '9');
    expect(readFileSync(again!).equals(readFileSync(first!))).toBe(true);
    expect(readFileSync(other!).equals(readFileSync(first!))).toBe(false);
  });

  it('shows on the right what the first batch of a training with the same seed holds', async () => {
    const out = join(folder, 'batch.png');
    const { patches } = await preview(out, '--count', '3', '--scale', '1', '--seed', '8');
    const network = { preset: 'tiny' } as const;
    const options = { patchesDir: prepared, network, windowPx, seed: 8, loading: { batchSize: 3 } };
    const settings = resolveTrainOptions(options, await loadTaxonomy('consep'));
    expect(settings.outputPx).toBe(outputPx);
    const { train } = await openLoaders(settings);
    const { batch, indices } = (await train.batches(0).next()).value!;
    expect(patches.map(({ index }) => index)).toEqual(indices);
    const sheet = await readPng(out);
    const left = gap + groupPx + 36;
    let same = 0;
    for (let row = 0; row < 3; row++) {
      for (let y = 0; y < windowPx; y++) {
        for (let x = 0; x < windowPx; x++) {
          const isSame = [0, 1, 2].every((channel) => {
            const level = batch.image[((row * 3 + channel) * windowPx + y) * windowPx + x]! * 255;
            return sheet.get(gap + row * (windowPx + gap) + y, left + x, channel) === Math.round(level);
          });
          if (isSame) same++;
        }
      }
    }
    // All but the outlines of nuclei and the frame.
    expect(same / (3 * windowPx * windowPx)).toBeGreaterThan(0.85);
  });

  it('shows no difference where every augmentation is off', async () => {
    const out = join(folder, 'off.png');
    const off = ['affine', 'flip', 'blur_noise', 'color'].flatMap((name) => [`--train#augmentation#${name}`, 'False']);
    const { patches } = await preview(out, '--count', '1', '--scale', '1', '--phase', 'Test', ...off);
    expect(patches[0]).toMatchObject({ filter: null, steps: '', stain: false, elastic: false });
    const sheet = await readPng(out);
    const group = (from: number) => sheet.lo(gap, from).hi(windowPx, groupPx);
    const [plain, augmented] = [group(gap), group(gap + groupPx + 36)];
    for (let y = 0; y < windowPx; y++) {
      for (let x = 0; x < groupPx; x++) expect(augmented.get(y, x, 1)).toBe(plain.get(y, x, 1));
    }
  });

  it('shows steps beyond the bundle that the configuration switches on', async () => {
    const on = ['--train#augmentation#stain#probability', '1', '--train#augmentation#elastic#probability', '1'];
    const { patches } = await preview(join(folder, 'on.png'), '--count', '1', '--scale', '1', ...on);
    expect(patches[0]).toMatchObject({ stain: true, elastic: true });
  });

  it('shows as many patches as there are, and lists them for people', async () => {
    const words = ['preview', '--dataset_dir', prepared, '--out', join(folder, 'all.png'), ...sizes, '--count', '99'];
    const { stdout, exitCode } = await runCaptured([...words, '--scale', '1']);
    expect(exitCode).toBe(0);
    expect(stdout.match(/^a_00\d {2}/gm)).toHaveLength(9);
    expect(stdout).toMatch(/all\.png: \d+×\d+ px, image, horizontal, vertical, types; plain, then augmented\n$/);
  });

  it('draws the samples after their preparation', async () => {
    const out = join(folder, 'samples');
    const demo = ['--config_file', 'configs/demo.json'];
    const root = workspacePath('samples/nucls');
    expect(await runCaptured(['prepare', ...demo, '--root', root, '--out', out])).toMatchObject({ exitCode: 0 });
    const words = ['--dataset_dir', out, '--out', join(out, 'sheet.png'), '--count', '1'];
    const run = await runCaptured(['preview', ...demo, ...words, '--json']);
    expect(parseOutput<PreviewOutput>(run)).toMatchObject({ width: 4228, height: 536 });
  });
});

describe('hovernet preview with bad input', () => {
  async function expectSentence(words: string[], message: RegExp) {
    const out = join(folder, 'kept.png');
    writeFileSync(out, 'old');
    const given = words.includes('--out') ? [] : ['--out', out];
    const run = await runCaptured(['preview', '--dataset_dir', prepared, ...sizes, ...given, ...words]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr.trim().split('\n').at(-1)).toMatch(message);
    expect(readFileSync(out, 'utf8')).toBe('old');
  }

  it('says what is wrong and leaves an older sheet as it was', async () => {
    await expectSentence(['--count', '0'], /--count.*Expected an integer of at least 1/);
    await expectSentence(['--seed', '-1'], /--seed.*Expected an integer of at least 0/);
    await expectSentence(['--phase', 'Trial'], /prepared\/Trial: no such file or folder/);
    await expectSentence(['--patch_size', '128'], /patch_size: expected patches of at least 128 px in .*, got 100×100/);
    await expectSentence(['--scale', '500'], /expected a sheet of at most .* pixels, got \d+×\d+; choose fewer/);
    await expectSentence(['--taxonomy', 'conseb'], /conseb: no such taxonomy/);
    await expectSentence(['--out', join(folder, 'sheet.jpg')], /expected --out FILE\.png, got .*sheet\.jpg/);
    expect(existsSync(join(folder, 'sheet.jpg'))).toBe(false);
  });

  it('needs a file to write', async () => {
    const run = await runCaptured(['preview', '--dataset_dir', prepared]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toMatch(/required option '--out <file>' not specified/);
  });
});
