import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeCheckpoint, resolveConfig } from '../../src/index.js';
import { loadNetwork, identifyWeights } from '../../src/internal.js';
import { createNoiseState, smallConfig } from '../support/noise-state.js';

const python = ['python3', '/usr/bin/python3'].find((command) => {
  const find = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)';
  return spawnSync(command, ['-c', find]).status === 0;
});
if (python === undefined) process.stderr.write('skipped: no Python with PyTorch is here (Debian: python3-torch)\n');

const folder = mkdtempSync(join(tmpdir(), 'hovernet-torch-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = resolveConfig({ ...smallConfig, reference: 'hover_net' });
const state = createNoiseState(config);

/** For each file: its keys, its tensors' names, shapes, types and sums; then saves the same values anew in both layouts. */
const SCRIPT = `
import json, sys
import torch

found = {}
for path in sys.argv[1:]:
    content = torch.load(path)
    tensors = content.get("desc", content.get("model", content))
    found[path] = {
        "keys": [key for key, value in content.items() if not torch.is_tensor(value)],
        "tensors": [[k, list(v.shape), str(v.dtype), v.double().sum().item()] for k, v in tensors.items()],
    }
    torch.save(content, path + ".zip.pt")
    torch.save(content, path + ".legacy.pt", _use_new_zipfile_serialization=False)
print(json.dumps(found))
`;

interface Loaded {
  readonly keys: readonly string[];
  readonly tensors: readonly (readonly [name: string, shape: number[], dtype: string, sum: number])[];
}

describe.skipIf(python === undefined)('PyTorch', { timeout: 120_000 }, () => {
  it('loads what is written, every value of it, and what it saves is read back bit by bit', () => {
    const formats = ['monai', 'monai-model', 'original'] as const;
    const paths = formats.map((format) => join(folder, `${format}.pt`));
    paths.forEach((path, index) => writeFileSync(path, encodeCheckpoint(state, { format: formats[index]!, config })));
    const run = spawnSync(python!, ['-c', SCRIPT, ...paths], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect(run.status, run.stderr).toBe(0);
    const found = JSON.parse(run.stdout) as Record<string, Loaded>;

    const texts = ['format', 'hovernet.config', 'hovernet.classes'];
    expect(paths.map((path) => found[path]!.keys)).toEqual([[], ['model', ...texts], ['desc', ...texts]]);
    const expected = [...state].map(([name, { shape, dtype, data }]) => {
      const sum = Array.from(data as Float32Array, Number).reduce((total, value) => total + value, 0);
      return [name, shape, `torch.${dtype}`, expect.closeTo(sum, 6)];
    });
    expect(found[paths[0]!]!.tensors).toEqual(expected);
    expect(found[paths[1]!]!.tensors).toEqual(expected);
    expect(found[paths[2]!]!.tensors.at(-1)).toEqual(['upsample2x.unpool_mat', [2, 2], 'torch.float32', 4]);

    for (const path of paths.flatMap((path) => [`${path}.zip.pt`, `${path}.legacy.pt`])) {
      const { config: read, state: weights } = loadNetwork(identifyWeights(readFileSync(path), path), { config });
      expect(read).toEqual(config);
      expect([...weights]).toEqual([...state]);
    }
  });
});
