import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRgbImage } from '@hovernet/core';
import { type MatValue, type NumericArray } from '@hovernet/files';
import { writeMat, writeNpy, writeNpz, writePng } from '@hovernet/files/node';
import { encodeSafetensors, encodeTorchFile, type TorchValue } from '@hovernet/files';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const array: NumericArray = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(-1, 0.5, 4, NaN) };
const summary = { dtype: 'float32', shape: [2, 2], min: -1, max: 4, sum: 3.5 };

async function inspect(name: string): Promise<unknown> {
  const run = await runCaptured(['inspect', join(folder, name), '--json']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return parseOutput(run);
}

it('lists the arrays of NumPy and MATLAB files with range and sum', async () => {
  await writeNpy(join(folder, 'a.npy'), array);
  await writeNpz(join(folder, 'a.npz'), new Map([['np', array]]));
  await writeMat(join(folder, 'a.mat'), new Map([['inst_map', array]]));
  expect(await inspect('a.npy')).toEqual({ format: 'npy', arrays: [{ name: 'array', ...summary }] });
  expect(await inspect('a.npz')).toEqual({ format: 'npz', arrays: [{ name: 'np', ...summary }] });
  expect(await inspect('a.mat')).toEqual({ format: 'mat', arrays: [{ name: 'inst_map', ...summary }] });
});

it('lists images and weights', async () => {
  await writePng(join(folder, 'a.png'), createRgbImage(2, 3, new Uint8Array(18).fill(7)));
  const weights = new Map([['conv/x.weight', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const]]);
  writeFileSync(join(folder, 'a.safetensors'), encodeSafetensors(weights));
  expect(await inspect('a.png')).toEqual({
    format: 'png',
    arrays: [{ name: 'image', dtype: 'uint8', shape: [2, 3, 3], min: 7, max: 7, sum: 126 }],
  });
  expect(await inspect('a.safetensors')).toEqual({
    format: 'safetensors',
    arrays: [{ name: 'conv/x.weight', dtype: 'float32', shape: [2], min: 1, max: 2, sum: 3 }],
  });
});

it('lists what MATLAB nests, and gives null for infinities', async () => {
  const infinite: NumericArray = { dtype: 'float64', shape: [1, 2], data: Float64Array.of(-1, Infinity) };
  const text = { dtype: 'char', shape: [1, 2], data: ['ab'] } as const;
  const record = new Map<string, MatValue>([
    ['text', text],
    ['cells', { dtype: 'cell', shape: [1, 1], data: [infinite] }],
  ]);
  await writeMat(join(folder, 'b.mat'), new Map([['s', { dtype: 'struct', shape: [1, 1], data: [record] }]]));
  const none = { min: null, max: null, sum: null };
  expect(await inspect('b.mat')).toEqual({
    format: 'mat',
    arrays: [
      { name: 's', dtype: 'struct', shape: [1, 1], ...none },
      { name: 's/text', dtype: 'char', shape: [1, 2], ...none },
      { name: 's/cells', dtype: 'cell', shape: [1, 1], ...none },
      { name: 's/cells/0', dtype: 'float64', shape: [1, 2], min: -1, max: null, sum: null },
    ],
  });
});

it('lists integers beyond 2^53 to the nearest number', async () => {
  const data = BigInt64Array.of(2n ** 62n, 3n, -(2n ** 62n));
  await writeNpy(join(folder, 'big.npy'), { dtype: 'int64', shape: [3], data });
  expect(await inspect('big.npy')).toEqual({
    format: 'npy',
    arrays: [{ name: 'array', dtype: 'int64', shape: [3], min: -(2 ** 62), max: 2 ** 62, sum: 3 }],
  });
});

it.each(['a.pt', 'a.pth', 'a.TAR'])('lists the tensors of %s, which PyTorch could have written', async (name) => {
  const halves = { dtype: 'bfloat16', shape: [2, 1], data: Float32Array.of(1, 2) } as const;
  const counter = { dtype: 'int64', shape: [], data: BigInt64Array.of(3n) } as const;
  const content = new Map<string, TorchValue>([
    ['desc', new Map([['conv/x.weight', halves]])],
    ['epoch', 7],
    ['list', [counter]],
  ]);
  writeFileSync(join(folder, name), encodeTorchFile(content));
  expect(await inspect(name)).toEqual({
    format: 'torch',
    arrays: [
      { name: 'desc/conv/x.weight', dtype: 'bfloat16', shape: [2, 1], min: 1, max: 2, sum: 3 },
      { name: 'list/0', dtype: 'int64', shape: [], min: 3, max: 3, sum: 3 },
    ],
  });
});

it('prints a table without --json', async () => {
  await writeNpy(join(folder, 'a.npy'), array);
  const { stdout } = await runCaptured(['inspect', join(folder, 'a.npy')]);
  expect(stdout.split('\n')[2]).toBe('array  float32  [2, 2]   -1    4  3.5000');
});

it.each([
  ['missing.npy', undefined, /missing\.npy: no such file/],
  ['cut.npy', '\x93NUMPY', /cut\.npy: /],
  ['cut.png', '\x89PNG', /cut\.png: /],
  ['cut.safetensors', 'abc', /cut\.safetensors: too short/],
  ['cut.pt', 'PK\x03\x04', /cut\.pt: not a PyTorch file/],
  ['run.pth', `PK\x03\x04${'\0'.repeat(60)}`, /run\.pth: not a zip archive, or truncated/],
  [
    'some.doc',
    '',
    /some\.doc: expected a \.mat, \.npy, \.npz, \.png, \.jpg, \.tif, \.safetensors, \.pt, \.pth or \.tar file/,
  ],
])('says in one sentence what is wrong with %s', async (name, content, message) => {
  if (content !== undefined) writeFileSync(join(folder, name), content, 'latin1');
  const run = await runCaptured(['inspect', join(folder, name)]);
  expect(run).toMatchObject({ exitCode: 1, stdout: '' });
  expect(run.stderr.trim().split('\n')).toEqual([expect.stringMatching(message)]);
});
