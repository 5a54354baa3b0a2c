// Post-processing of a trained network's logits by the command, against the instances that MONAI published with them.
import { mkdtempSync, rmSync } from 'node:fs';
import { type NumericArray } from '@hovernet/files';
import { readNpy, writeNpz } from '@hovernet/files/node';
import { countDifferences, hasReference, readReferenceNpz } from '@hovernet/testing';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCaptured } from './run-captured.js';

const published = 'data/monai-hovernet-output';
const folder = mkdtempSync(join(tmpdir(), 'hovernet-published-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasReference(published))('hovernet postprocess of published logits', () => {
  it.each([
    ['as MONAI made them', ['--distance_sigma', '0.4'], 0],
    ['as the code of MONAI makes them', [], 29],
  ])('gives the published instances %s', async (_how, words, differing) => {
    const arrays = readReferenceNpz(`${published}/hovernet_test_data_raw.npz`);
    const raw = join(folder, 'tile_raw.npz');
    const planes = (name: string): NumericArray => {
      const { shape, data } = arrays[name]!;
      return { dtype: 'float32', shape: shape.slice(-3), data: data as Float32Array };
    };
    await writeNpz(
      raw,
      new Map([
        ['np', planes('prob_map')],
        ['hv', planes('hover_map')],
        ['nc', planes('nc_map')],
      ]),
    );
    expect(await runCaptured(['postprocess', raw, '--out', folder, ...words])).toMatchObject({ exitCode: 0 });
    const { data } = await readNpy(join(folder, 'tile_instance_map.npy'));
    expect(countDifferences(data as Int32Array, arrays['pred_instance']!.data as Int32Array)).toBe(differing);
  });
});
