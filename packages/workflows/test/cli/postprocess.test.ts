import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type NumericArray } from '@hovernet/files';
import { readNpy, writeNpz } from '@hovernet/files/node';
import { parseNuclei } from '@hovernet/export';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-postprocess-'));
afterAll(() => rmSync(folder, { recursive: true }));

const side = 48;

/** Two touching discs of classes 1 and 2, as a network that is sure would give them. */
function createRaw(): Map<string, NumericArray> {
  const np = new Float32Array(2 * side * side);
  const hv = new Float32Array(2 * side * side);
  const nc = new Float32Array(3 * side * side).fill(-3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = y * side + x;
      const disc = [15, 31].findIndex((center) => (x - center) ** 2 + (y - 24) ** 2 <= 64);
      np[at] = disc < 0 ? 4 : -4;
      np[side * side + at] = -np[at]!;
      nc[(disc + 1) * side * side + at] = 3;
      if (disc < 0) continue;
      hv[at] = (x - [15, 31][disc]!) / 8;
      hv[side * side + at] = (y - 24) / 8;
    }
  }
  const planes = (data: Float32Array, channels: number): NumericArray => {
    return { dtype: 'float32', shape: [channels, side, side], data };
  };
  return new Map([
    ['np', planes(np, 2)],
    ['hv', planes(hv, 2)],
    ['nc', planes(nc, 3)],
  ]);
}

it('separates two touching nuclei and writes maps and JSON named after the file', async () => {
  const raw = join(folder, 'tile_raw.npz');
  await writeNpz(raw, createRaw());
  const run = await runCaptured([
    'postprocess',
    raw,
    '--out',
    join(folder, 'out'),
    '--taxonomy',
    'nucls',
    '--mpp',
    '0.2',
    '--json',
  ]);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const files = ['tile_instance_map.npy', 'tile_type_map.npy', 'tile.json'].map((name) => join(folder, 'out', name));
  expect(parseOutput(run)).toEqual({ name: 'tile', nuclei: 2, files });
  const [instances, types] = await Promise.all([readNpy(files[0]!), readNpy(files[1]!)]);
  expect([instances.dtype, types.dtype, ...instances.shape]).toEqual(['int32', 'int32', side, side]);
  expect([...new Set(instances.data as Int32Array)].sort()).toEqual([0, 1, 2]);
  expect([types.data[24 * side + 15], types.data[24 * side + 31], types.data[0]]).toEqual([1, 2, 0]);
  const { image, classes, nuclei } = parseNuclei(JSON.parse(readFileSync(files[2]!, 'utf8')));
  expect(image).toEqual({ width: side, height: side, mpp: 0.2 });
  expect(classes.map(({ name }) => name)).toEqual(['Non-tumour', 'Tumour']);
  expect(nuclei.map(({ type }) => type)).toEqual([1, 2]);
  expect(nuclei[0]!.centroid[1]).toBeCloseTo(24, 5);
});

it('scales slopes alike in all images when asked to', async () => {
  const raw = join(folder, 'fixed.npz');
  await writeNpz(raw, createRaw());
  const run = await runCaptured(['postprocess', raw, '--out', folder, '--normalization', 'fixed', '--json']);
  expect(parseOutput(run)).toMatchObject({ name: 'fixed', nuclei: 2 });
  const { stderr, exitCode } = await runCaptured(['postprocess', raw, '--out', folder, '--normalization', 'slide']);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Allowed choices are tile, fixed')]);
});

it('smooths the distance map by a Gaussian when asked to', async () => {
  const raw = join(folder, 'smooth.npz');
  await writeNpz(raw, createRaw());
  const words = ['postprocess', raw, '--out', folder, '--distance_sigma'];
  expect(parseOutput(await runCaptured([...words, '0.4', '--json']))).toMatchObject({ name: 'smooth', nuclei: 2 });
  const { stderr, exitCode } = await runCaptured([...words, '0']);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Expected a number above 0.')]);
});

it('follows the rules of the original, numbers classes without a taxonomy, and does without a type branch', async () => {
  const raw = join(folder, 'b.npz');
  const arrays = createRaw();
  await writeNpz(raw, arrays);
  const typed = await runCaptured(['postprocess', raw, '--out', folder, '--rules', 'original']);
  expect(typed.stdout.split('\n')[0]).toBe('2 nuclei');
  expect(JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8'))).toMatchObject({
    image: { mpp: null },
    classes: [
      { id: 1, name: 'type 1' },
      { id: 2, name: 'type 2' },
    ],
  });
  arrays.delete('nc');
  await writeNpz(join(folder, 'untyped.npz'), arrays);
  await runCaptured(['postprocess', join(folder, 'untyped.npz'), '--out', folder]);
  expect(JSON.parse(readFileSync(join(folder, 'untyped.json'), 'utf8'))).toMatchObject({ classes: [] });
  expect(existsSync(join(folder, 'untyped_type_map.npy'))).toBe(false);
});

it.each<[string, (arrays: Map<string, NumericArray>) => void, string[], RegExp]>([
  ['a missing array', (arrays) => arrays.delete('hv'), [], /bad\.npz: expected arrays np, hv and nc, got np, nc/],
  [
    'a misshapen array',
    (arrays) => arrays.set('hv', { dtype: 'float32', shape: [4], data: new Float32Array(4) }),
    [],
    /bad\.npz: hv: expected float \[channels, height, width\], got float32 \[4\]/,
  ],
  [
    'maps of different sizes',
    (arrays) => arrays.set('hv', { dtype: 'float32', shape: [2, 2, 1], data: new Float32Array(4) }),
    [],
    /bad\.npz: segmentNuclei/,
  ],
  [
    'a taxonomy of other classes',
    () => undefined,
    ['--taxonomy', 'consep'],
    /nc has 2 classes and background, taxonomy consep has 4/,
  ],
])('refuses %s in one sentence', async (_what, damage, words, message) => {
  const arrays = createRaw();
  damage(arrays);
  await writeNpz(join(folder, 'bad.npz'), arrays);
  const run = await runCaptured(['postprocess', join(folder, 'bad.npz'), '--out', join(folder, 'bad'), ...words]);
  expect(run).toMatchObject({ exitCode: 1, stdout: '' });
  expect(run.stderr.trim().split('\n')).toEqual([expect.stringMatching(message)]);
  expect(existsSync(join(folder, 'bad'))).toBe(false);
});
