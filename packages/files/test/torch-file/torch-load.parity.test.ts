// PyTorch itself reads what encodeTorchFile writes, where a Python with it is here (Debian: python3-torch).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@hovernet/core';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeTorchFile, encodeTorchFile, type StoredTensor, type TorchValue } from '../../src/node.js';
import { describeValue } from './support/describe-value.js';

const candidates = [process.env['HOVERNET_PYTHON'] ?? 'python3', '/usr/bin/python3'];
const python = candidates.find((command) => spawnSync(command, ['-c', 'import torch']).status === 0);
if (!python) process.stderr.write('skipped: no Python with the package torch is here (Debian: python3-torch)\n');

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hovernet-torch-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What PyTorch says of files. */
function loadWithTorch(
  files: Readonly<Record<string, Uint8Array>>,
): Record<string, { safe: unknown; content: unknown }> {
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const options = {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  } as const;
  const run = spawnSync(python!, [join(fixtures, 'load_with_torch.py'), ...paths], options);
  if (run.status !== 0) throw new Error(run.stderr);
  const found = JSON.parse(run.stdout) as Record<string, { safe: unknown; content: unknown }>;
  return Object.fromEntries(Object.keys(files).map((name) => [name, found[join(folder, name)]!]));
}

/** Filters and counters, more than one byte can number. */
function createState(layers: number): Map<string, StoredTensor> {
  const random = createRandom(1);
  return new Map(
    Array.from({ length: layers }, (_, layer): [string, StoredTensor][] => [
      [
        `layer${layer}.weight`,
        { dtype: 'float32', shape: [2, 3, 1, 1], data: Float32Array.from({ length: 6 }, () => random.normal()) },
      ],
      [`layer${layer}.num_batches_tracked`, { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(layer)) }],
    ]).flat(),
  );
}

describe.skipIf(!python)('torch.load', () => {
  it('reads state dicts and their wrappers safely, the same names, types, shapes and bits in order', () => {
    const state = createState(400);
    const settings: TorchValue = new Map<string | number, TorchValue>([
      ['epoch', 7],
      ['name', 'µ'],
      ['list', [null, true, -1, 300, 70000, -(2 ** 31), [], new Map()]],
      [7, 'number'],
    ]);
    const fixture = decodeTorchFile(readFileSync(join(fixtures, 'zip.pt')), 'zip.pt') as Map<string, TorchValue>;
    const values: Record<string, TorchValue> = {
      'plain.pt': state,
      'model.pt': new Map<string, TorchValue>([
        ['model', state],
        ['settings', settings],
      ]),
      'desc.tar': new Map([['desc', state]]),
      'types.pt': fixture.get('model')!,
    };
    const files = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeTorchFile(value)]));
    const found = loadWithTorch({
      ...files,
      'numbers.pt': encodeTorchFile([0.5, -0, 2 ** 53 - 1, -(2n ** 70n), 1e300]),
    });
    for (const [name, value] of Object.entries(values)) {
      expect(found[name], name).toEqual({ safe: true, content: describeValue(value) });
    }
    expect(found['numbers.pt']!.content).toEqual([0.5, -0, 2 ** 53 - 1, -(2 ** 70), 1e300]);
    expect((values['types.pt'] as Map<string, StoredTensor>).size).toBe(20);
  });
});
