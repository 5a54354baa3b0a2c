import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRgbImage } from '@hovernet/core';
import { readNpy, readPng, writeMat, writePng } from '@hovernet/files/node';
import { openPatches } from '@hovernet/data';
import { workspacePath } from '@hovernet/testing';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-prepare-'));
const root = join(folder, 'data');
const size = [40, 40];
afterAll(() => rmSync(folder, { recursive: true }));

interface PrepareOutput {
  readonly phases: Record<string, { readonly tiles: number; readonly patches: number }>;
  readonly seconds: number;
}

beforeEach(async () => {
  rmSync(root, { recursive: true, force: true });
  for (const [phase, name] of [
    ['Train', 'a'],
    ['Train', 'b'],
    ['Test', 'c'],
  ] as const) {
    mkdirSync(join(root, phase, 'Images'), { recursive: true });
    mkdirSync(join(root, phase, 'Labels'), { recursive: true });
    const pixels = Uint8Array.from({ length: 40 * 40 * 3 }, (_, index) => index % 251);
    await writePng(join(root, phase, 'Images', `${name}.png`), createRgbImage(40, 40, pixels));
    const instances = new Int32Array(40 * 40).fill(1, 100, 118);
    const types = new Uint8Array(40 * 40).fill(6, 100, 118);
    const variables = new Map([
      ['inst_map', { dtype: 'int32', shape: size, data: instances } as const],
      ['type_map', { dtype: 'uint8', shape: size, data: types } as const],
    ]);
    await writeMat(join(root, phase, 'Labels', `${name}.mat`), variables);
  }
});

function digestFiles(path: string): [name: string, digest: string][] {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(path, name)))
      .digest('hex');
  return readdirSync(path).map((name) => [name, digest(name)]);
}

const sizes = ['--ps', '32', '32', '--ss', '16', '16'];

describe('hovernet prepare', () => {
  it('writes patches beside the data set and says how many', async () => {
    const run = await runCaptured(['prepare', '--root', root, ...sizes, '--json']);
    expect(run).toMatchObject({ exitCode: 0 });
    const { phases, seconds } = parseOutput<PrepareOutput>(run);
    expect(phases).toEqual({ Train: { tiles: 2, patches: 18 }, Test: { tiles: 1, patches: 9 } });
    expect(seconds).toBeGreaterThan(0);
    expect(run.stderr).toMatch(/^prepare: 3\/3 tiles, .* \| phase Test · tile c\n$/);
    const patch = await readNpy(join(root, 'Prepared/Train/a_000_type_map.npy'));
    expect(patch.shape).toEqual([32, 32, 1]);
    const label = await readNpy(join(root, 'Prepared/Test/label_c.npy'));
    expect([label.data[2 * 100], label.data[2 * 100 + 1]]).toEqual([1, 4]);
  });

  it('prints a table without --json', async () => {
    const words = [
      'prepare',
      '--root',
      root,
      '--phase',
      'Test',
      '--type',
      'valid',
      '--out',
      join(folder, 'out'),
      ...sizes,
    ];
    expect((await runCaptured(words)).stdout).toBe(
      ['phase  tiles  patches', '─────  ─────  ───────', 'Test       1        4', ''].join('\n'),
    );
    expect(readdirSync(join(folder, 'out'))).toEqual(['Test']);
  });

  it.each([
    ['raw', ['image_c.npy', 'label_c.npy', 'patches.json', 'taxonomy.json']],
    ['npz', ['patches.json', 'taxonomy.json', 'tile_c.npz']],
  ])('stores whole tiles only with --format %s', async (format, files) => {
    const run = await runCaptured(['prepare', '--root', root, '--format', format, '--json', ...sizes]);
    expect(parseOutput<PrepareOutput>(run).phases).toMatchObject({ Train: { tiles: 2, patches: 18 } });
    expect(readdirSync(join(root, 'Prepared/Test'))).toEqual(files);
    expect((await openPatches(join(root, 'Prepared'), 'Test')).length).toBe(9);
  });

  it('writes the same files whatever --jobs says', async () => {
    const folders = ['1', '3', '0'].map((jobs) => ({ jobs, out: join(folder, `jobs-${jobs}`) }));
    for (const { jobs, out } of folders) {
      const run = await runCaptured(['prepare', '--root', root, '--out', out, '--jobs', jobs, ...sizes]);
      expect(run).toMatchObject({ exitCode: 0 });
    }
    const [first, ...others] = folders.map(({ out }) => digestFiles(join(out, 'Train')));
    for (const other of others) expect(other).toEqual(first);
  });

  it('takes its section from configuration files, and flags win', async () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ 'prepare#root': root, 'prepare#ps': [24, 24], 'prepare#ss': [16, 16] }));
    const words = ['prepare', '--config_file', config, '--ps', '32', '32', '--phase', 'Train', '--json'];
    expect(parseOutput<PrepareOutput>(await runCaptured(words)).phases).toEqual({ Train: { tiles: 2, patches: 18 } });
    expect((await readNpy(join(root, 'Prepared/Train/a_000_image.npy'))).shape).toEqual([32, 32, 3]);
  });

  it('reports labels that cannot be right with a picture of the worst, and refuses them with --strict', async () => {
    const mask = Uint8Array.from({ length: 40 * 40 }, (_, at) => (at % 40 < 5 || at % 40 > 30 ? 255 : 0));
    const map = { dtype: 'uint8', shape: size, data: mask } as const;
    const types = { dtype: 'uint8', shape: size, data: mask.map((id, at) => (id > 0 || at === 20 ? 6 : 0)) } as const;
    const variables = new Map([
      ['inst_map', map],
      ['type_map', types],
    ]);
    await writeMat(join(root, 'Test/Labels/c.mat'), variables);
    const strict = await runCaptured(['prepare', '--root', root, ...sizes, '--phase', 'Test', '--strict']);
    const problems = '1 with one id for all nuclei, as a mask has, 1 pixels with a type and no nucleus';
    expect(strict).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`c.mat: labels cannot be right: ${problems}`),
    });
    expect(existsSync(join(root, 'Prepared'))).toBe(false);
    const run = await runCaptured(['prepare', '--root', root, ...sizes, '--json']);
    const labels = { nuclei: 3, masks: 1, scattered: 0, untyped: 0, types_on_background_px: 1 };
    expect(parseOutput<object>(run)).toMatchObject({ labels });
    expect(run.stderr).toContain(`labels that cannot be right: ${problems}; --strict refuses them`);
    expect(run.stderr).toContain(`see ${join(root, 'Prepared/labels_worst.png')}`);
    expect((await readPng(join(root, 'Prepared/labels_worst.png'))).shape).toEqual([40, 40, 3]);
  });

  it('reads a data set in its published form, with the taxonomy of its labels', async () => {
    const lizard = join(folder, 'lizard');
    mkdirSync(lizard, { recursive: true });
    writeFileSync(join(lizard, 'info.csv'), 'Filename,Source,Split\na,glas,1\nb,glas,2\nc,glas,3\n');
    for (const name of ['a', 'b', 'c']) {
      await writePng(join(lizard, 'Images', `${name}.png`), createRgbImage(40, 40));
      const variables = new Map([
        ['inst_map', { dtype: 'int32', shape: size, data: new Int32Array(40 * 40).fill(5, 0, 9) } as const],
        ['id', { dtype: 'uint8', shape: [1, 1], data: Uint8Array.of(5) } as const],
        ['class', { dtype: 'uint8', shape: [1, 1], data: Uint8Array.of(6) } as const],
      ]);
      await writeMat(join(lizard, 'Labels', `${name}.mat`), variables);
    }
    const words = ['prepare', '--root', lizard, '--layout', 'lizard', '--json', ...sizes];
    const run = await runCaptured(words);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(parseOutput<PrepareOutput>(run).phases).toMatchObject({ Train: { tiles: 2 }, Test: { tiles: 1 } });
    const label = await readNpy(join(lizard, 'Prepared/Test/label_c.npy'));
    expect([label.data[0], label.data[1]]).toEqual([5, 6]);

    const all = await runCaptured([...words, '--phase', 'All=1, 2,3']);
    expect(parseOutput<PrepareOutput>(all).phases).toMatchObject({ All: { tiles: 3 } });
    // The configuration names classes and folders; the flag gives the root only.
    const given = ['--config_file', 'configs/lizard.json', '--root', lizard, ...sizes];
    const configured = await runCaptured(['prepare', ...given]);
    expect(configured).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(lizard, 'Prepared/Test'))).toEqual([
      'image_c.npy',
      'label_c.npy',
      'patches.json',
      'taxonomy.json',
    ]);
  });

  it("cuts the samples' 15 tiles into four patches each by the demo's configuration", async () => {
    const words = ['prepare', '--config_file', 'configs/demo.json', '--root', workspacePath('samples/nucls'), '--json'];
    const run = await runCaptured([...words, '--out', join(folder, 'samples')]);
    expect(parseOutput<PrepareOutput>(run).phases).toEqual({
      Train: { tiles: 10, patches: 40 },
      Test: { tiles: 5, patches: 20 },
    });
  });
});

describe('hovernet prepare with bad input', () => {
  async function expectSentence(words: string[], message: RegExp, patchSizes = sizes) {
    const run = await runCaptured(['prepare', ...words, ...patchSizes]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr.trim().split('\n').at(-1)).toMatch(message);
    expect(existsSync(join(root, 'Prepared/Train'))).toBe(false);
    const left = existsSync(join(root, 'Prepared')) ? readdirSync(join(root, 'Prepared')) : [];
    expect(left).toEqual([]);
  }

  it('names a folder that is missing', async () => {
    const missing = join(folder, 'nothing');
    await expectSentence(['--root', missing], /^hovernet: .*nothing\/Train\/Images: no such file or folder/);
  });

  it('names a truncated image and leaves nothing half-written behind', async () => {
    const path = join(root, 'Train/Images/b.png');
    writeFileSync(path, readFileSync(path).subarray(0, 300));
    await expectSentence(['--root', root], /^hovernet: .*Train\/Images\/b\.png: .*truncated/i);
  });

  it('names a label of another size', async () => {
    await writePng(join(root, 'Train/Images/b.png'), createRgbImage(20, 40));
    await expectSentence(['--root', root], /^hovernet: .*Train\/Labels\/b\.mat: labels are 40×40/);
  });

  it('names a taxonomy that does not exist, and sizes that are none', async () => {
    await expectSentence(['--root', root, '--taxonomy', 'conseb'], /^hovernet: conseb: no such taxonomy/);
    const foreign = /^hovernet: layout lizard: expected taxonomy lizard or one of your own, got consep/;
    await expectSentence(['--root', root, '--layout', 'lizard', '--taxonomy', 'consep'], foreign);
    await expectSentence(
      ['--root', root, '--phase', 'Train='],
      /^hovernet: configuration prepare#phase#0: expected NAME or/,
    );
    await expectSentence(['--root', root, '--format', 'tiles'], /^hovernet: .*Allowed choices are npy, npz, raw/);
    await expectSentence(['--root', root, '--jobs', 'all'], /^hovernet: .*--jobs.*Expected an integer of at least 0/);
    const notANumber = /^hovernet: configuration prepare#ps#1: expected a number, got "x"$/;
    await expectSentence(['--root', root], notANumber, ['--ps', '32', 'x']);
    const tooMany = /^hovernet: configuration prepare#ps: expected at most 2 elements, got \[1,2,3\]$/;
    await expectSentence(['--root', root], tooMany, ['--ps', '1', '2', '3']);
  });
});
