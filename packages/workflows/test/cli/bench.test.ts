import { createRandom } from '@hovernet/core';
import { writePng } from '@hovernet/files/node';
import { initializeWeights, resolveConfig } from '@hovernet/model';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createScene } from '@hovernet/bench';
import { writeCheckpoint } from '@hovernet/training';
import { parseOutput, runCaptured } from './run-captured.js';

interface BenchOutput {
  readonly name: string;
  readonly cases: readonly Readonly<Record<string, unknown>>[];
}

const keys = [
  'case',
  'median_ms',
  'min_ms',
  'runs',
  'gflops',
  'peak_rss_mb',
  'engine',
  'provider',
  'threads',
  'precision',
];

async function bench(name: string, ...words: string[]): Promise<BenchOutput> {
  const run = await runCaptured(['bench', name, ...words, '--json']);
  expect(run.exitCode, run.stderr).toBe(0);
  return parseOutput<BenchOutput>(run);
}

describe('hovernet bench', () => {
  it.each([
    ['forward', ['tiny'], []],
    ['train-step', ['stage0 96', 'stage1 96', 'whole-encoder 96'], ['--window', '96']],
  ])('measures %s of a network', async (name, expected, words) => {
    const document = await bench(name, '--preset', 'tiny', '--runs', '1', '--threads', '1', ...words);
    expect(document.name).toBe(name);
    expect(document.cases.map((measured) => measured['case'])).toEqual(expected);
    for (const measured of document.cases) {
      expect(Object.keys(measured).filter((key) => key !== 'ms_per_164px')).toEqual(keys);
      expect(measured).toMatchObject({ runs: 1, engine: 'onnx', provider: 'cpu', threads: 1, precision: 'float32' });
      for (const key of ['median_ms', 'min_ms', 'gflops', 'peak_rss_mb']) expect(measured[key]).toBeGreaterThan(0);
    }
  });

  it('measures end to end in every precision of a provider, and lists what is not here', async () => {
    const words = ['--preset', 'tiny', '--runs', '1', '--threads', '1', '--window', '96', '--size', '100'];
    const foreign = process.platform === 'win32' ? 'coreml' : 'dml';
    const document = (await bench('end2end', ...words, '--provider', 'cpu', foreign)) as BenchOutput & {
      readonly table: readonly { readonly method: string; readonly ms: object; readonly speedup: object }[];
    };
    const precisions = ['float32', 'float16', 'int8'];
    expect(document.cases.map((measured) => [measured['precision'], measured['case']])).toEqual(
      precisions.flatMap((precision) => ['model_computation', 'end2end'].map((name) => [precision, name])),
    );
    for (const measured of document.cases) {
      const added = measured['case'] === 'end2end' ? ['nuclei', 'min_cpu_ms'] : ['min_cpu_ms'];
      expect(Object.keys(measured)).toEqual([...keys, ...added]);
      expect(measured).toMatchObject({ runs: 1, engine: 'onnx', provider: 'cpu', threads: 1 });
      for (const key of ['median_ms', 'min_ms', 'gflops', 'min_cpu_ms']) expect(measured[key]).toBeGreaterThan(0);
    }
    expect(document).toMatchObject({
      network: 'tiny',
      image: { file: null, width: 100, height: 100 },
      window: 96,
      windows: 9,
      batch_size: 1,
      baseline: 'cpu float32',
      absent: [
        { engine: 'onnx', provider: foreign, precision: null, reason: expect.stringMatching(/^not in /) as string },
      ],
    });
    expect(document.table.map(({ method }) => method)).toEqual(['model_computation', 'end2end']);
    for (const { ms, speedup } of document.table) {
      expect(Object.keys(ms)).toEqual(precisions.map((precision) => `cpu ${precision}`));
      expect(speedup).toMatchObject({ 'cpu float32': 1 });
    }
  });

  it('measures weights and an image that are given, in one precision, and prints the table', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hovernet-bench-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [weights, image] = [join(folder, 'weights.safetensors'), join(folder, 'image.png')];
    const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 0 });
    await writeCheckpoint(weights, { config, classes: [], state: initializeWeights(config, createRandom(1)) });
    await writePng(image, createScene(90).image);
    const subject = ['--weights', weights, '--image', image, '--window', '96', '--sw_batch_size', '4'];
    const words = ['bench', 'end2end', ...subject, '--runs', '1', '--threads', '2'];
    const asked = ['--provider', 'cpu', '--precision', 'float16'];
    const { stdout, stderr, exitCode } = await runCaptured([...words, ...asked]);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('measuring cpu float16');
    const [title, header, , row, ...rest] = stdout.trim().split('\n');
    expect(title).toBe(`end2end: ${weights}, 90×90 px in 9 windows of 96 px, 4 at once, 2 threads`);
    expect(header).toMatch(/^onnx +model_computation ms +end2end ms +speedup model_computation +speedup end2end/);
    expect(row).toMatch(/^cpu float16 +[\d.]+ +[\d.]+ +1 +1 /);
    expect(rest).toEqual([]);
  });

  it.each([
    [['forward', '--image', 'a.png'], /bench forward: expected no --image, which is for end2end alone$/],
    [['end2end', '--preset', 'tiny', '--weights', 'a'], /expected one of --preset and --weights, got both$/],
    [['end2end', '--size', '9', '--image', 'a'], /expected one of --size and --image, got both$/],
    [
      ['end2end', '--preset', 'tiny', '--size', '64', '--provider', 'gpu'],
      /engine#provider: expected auto or one of cpu/,
    ],
    [['end2end', '--image', 'nowhere.png', '--preset', 'tiny'], /nowhere\.png: /],
  ])('refuses %j in one sentence', async (words, message) => {
    const { stdout, stderr, exitCode } = await runCaptured(['bench', ...words]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(message)]);
  });

  it('measures how long sessions take to start', async () => {
    const { cases } = await bench('session', '--preset', 'tiny', '--runs', '1');
    expect(cases.map((measured) => measured['case'])).toEqual(
      ['forward', 'forward cached', 'forward trace'].concat(
        ['stage0', 'stage1'].flatMap((name) => [name, `${name} cached`, `${name} trace`]),
      ),
    );
    for (const measured of cases) expect(measured).toMatchObject({ engine: 'onnx', gflops: null });
  });

  it.each([['prepare', ['npy', 'npz', 'raw']]])('measures %s without an engine', async (name, expected) => {
    const { cases } = await bench(name, '--runs', '1');
    expect(cases.map((measured) => measured['case'])).toEqual(expected);
    for (const measured of cases) {
      expect(Object.keys(measured)).toEqual(keys);
      expect(measured).toMatchObject({ runs: 1, gflops: null, engine: 'javascript', threads: 1 });
      expect(measured['median_ms']).toBeGreaterThan(0);
    }
  });

  it.each([
    ['metrics', ['instance', 'type', 'type-global'], [155, 620, 2623]],
    ['postprocess', ['monai', 'hover_net'], [150, 603, 2540]],
  ])('measures %s of images of three sizes, in a time that grows with them', async (name, kinds, counts) => {
    const { cases } = await bench(name, '--runs', '1');
    const sides = [500, 1000, 2048];
    expect(cases.map((measured) => measured['case'])).toEqual(
      sides.flatMap((side) => kinds.map((kind) => `${kind} ${side}x${side}`)),
    );
    for (const measured of cases) expect(Object.keys(measured)).toEqual([...keys, 'nuclei', 'min_cpu_ms']);
    const [, medium, large] = sides.map((_, index) => cases[index * kinds.length]!) as typeof cases;
    expect(sides.map((_, index) => cases[index * kinds.length]!['nuclei'])).toEqual(counts);
    // 1 is linear in the pixels, 2 quadratic; a busy machine is given half of the way.
    const exponent = Math.log(Number(large!['min_cpu_ms']) / Number(medium!['min_cpu_ms'])) / Math.log(2.048 ** 2);
    expect(exponent).toBeLessThan(1.5);
  });

  it('prints a table without --json', async () => {
    const { stdout, exitCode } = await runCaptured(['bench', 'transforms', '--runs', '1']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^transforms: javascript cpu, 1 threads, float64\ncase +median ms +min ms +runs/);
  });

  it('measures windows and precisions that are asked for', async () => {
    const words = ['--preset', 'tiny', '--runs', '1', '--window', '128', '160', '--precision', 'float16'];
    const { cases } = await bench('forward', ...words);
    expect(cases.map((measured) => measured['case'])).toEqual(['tiny 128→76', 'tiny 160→108']);
    for (const measured of cases) {
      const side = Number(String(measured['case']).split('→')[1]);
      expect(measured['precision']).toBe('float16');
      expect(measured['ms_per_164px']).toBeCloseTo(Number(measured['median_ms']) * (164 / side) ** 2, 6);
    }
  });

  it('refuses to run no times', async () => {
    const { stderr, exitCode } = await runCaptured(['bench', 'forward', '--runs', '0']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^hovernet: option '--runs <number>' argument '0' is invalid\. Expected an integer of at least 1/,
    );
  });
});
