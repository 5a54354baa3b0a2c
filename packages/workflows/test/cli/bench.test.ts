import { describe, expect, it } from 'vitest';
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
    ['end2end', ['256x256', '500x500', '1000x1000'], []],
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
    ['postprocess', ['monai', 'original'], [150, 603, 2540]],
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
