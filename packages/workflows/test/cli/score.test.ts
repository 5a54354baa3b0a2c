import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type NumericArray } from '@hovernet/files';
import { writeMat, writeNpy } from '@hovernet/files/node';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-score-'));
const truth = join(folder, 'true');
const prediction = join(folder, 'pred');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const path of [truth, prediction]) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
  }
});

type Region = readonly [id: number, y0: number, y1: number, x0: number, x1: number];

function paint(regions: readonly Region[], side = 12): NumericArray {
  const data = new Int32Array(side * side);
  for (const [id, y0, y1, x0, x1] of regions) for (let y = y0; y < y1; y++) data.fill(id, y * side + x0, y * side + x1);
  return { dtype: 'int32', shape: [side, side], data };
}

// Worked example of the specification: a split nucleus, a merged gap in the ids, a shifted one.
const trueMap = paint([
  [1, 1, 5, 1, 5],
  [2, 1, 5, 6, 11],
  [3, 7, 11, 2, 7],
  [4, 7, 9, 9, 11],
]);
const predictedMap = paint([
  [1, 1, 5, 2, 6],
  [2, 1, 5, 6, 8],
  [3, 1, 5, 8, 11],
  [5, 7, 11, 2, 6],
  [7, 9, 12, 8, 12],
]);
const expected = { dice: 0.774194, aji: 0.47619, aji_plus: 0.47619, dq: 0.666667, sq: 0.666666, pq: 0.444444 };

interface InstanceOutput {
  readonly images: readonly ({ readonly name: string } & Record<string, number>)[];
  readonly mean: Record<string, number>;
}

function round(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value.toFixed(6))]));
}

const words = (mode: string) => ['score', '--true', truth, '--pred', prediction, '--mode', mode];

describe('hovernet score --mode instance', () => {
  it('scores .mat against .npy maps by name and averages', async () => {
    await writeMat(join(truth, 'a.mat'), new Map([['inst_map', trueMap]]));
    await writeNpy(join(prediction, 'a_instance_map.npy'), predictedMap);
    await writeNpy(join(prediction, 'a_type_map.npy'), predictedMap);
    await writeNpy(join(truth, 'b.npy'), trueMap);
    await writeNpy(join(prediction, 'b.npy'), trueMap);
    const run = await runCaptured([...words('instance'), '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const { images, mean } = parseOutput<InstanceOutput>(run);
    const [{ name, ...metrics }, second] = images as [InstanceOutput['images'][0], InstanceOutput['images'][0]];
    expect(name).toBe('a');
    expect(round(metrics as Record<string, number>)).toEqual(expected);
    expect(second).toMatchObject({ name: 'b', dice: 1, aji: 1, dq: 1 });
    expect(mean['dice']).toBeCloseTo((1 + 24 / 31) / 2, 12);
  });

  it('gives bootstrap intervals over the images, the same every time', async () => {
    for (const name of ['a', 'b']) await writeNpy(join(truth, `${name}.npy`), trueMap);
    await writeNpy(join(prediction, 'a.npy'), trueMap);
    await writeNpy(join(prediction, 'b.npy'), predictedMap);
    type Output = InstanceOutput & { readonly interval_95: Record<string, readonly [number, number]> };
    const outputs = [
      await runCaptured([...words('instance'), '--json']),
      await runCaptured([...words('instance'), '--json']),
    ];
    const [first, second] = outputs.map((run) => parseOutput<Output>(run)) as [Output, Output];
    expect(second).toEqual(first);
    expect(Object.keys(first.interval_95)).toEqual(Object.keys(first.mean));
    expect(first.interval_95['dice']![0]).toBeCloseTo(expected.dice, 5);
    expect(first.interval_95['dice']![1]).toBe(1);
    const { stdout } = await runCaptured(words('instance'));
    expect(
      stdout
        .split('\n')
        .slice(4, 7)
        .map((line) => line.split(/ {2,}/)[0]),
    ).toEqual(['mean', '95 % from', '95 % to']);
  });

  it('prints a table with the mean last', async () => {
    await writeNpy(join(truth, 'b.npy'), trueMap);
    await writeNpy(join(prediction, 'b.npy'), trueMap);
    const { stdout } = await runCaptured(words('instance'));
    expect(stdout.split('\n').map((line) => line.split(/\s+/).slice(0, 3))).toEqual([
      ['image', 'Dice', 'AJI'],
      ['─────', '────', '───'],
      ['b', '1', '1'],
      ['mean', '1', '1'],
      [''],
    ]);
  });

  it('writes null for what is undefined and leaves it out of the mean', async () => {
    for (const path of [truth, prediction]) await writeNpy(join(path, 'empty.npy'), paint([]));
    for (const path of [truth, prediction]) await writeNpy(join(path, 'full.npy'), trueMap);
    const { images, mean } = parseOutput<InstanceOutput>(await runCaptured([...words('instance'), '--json']));
    expect(images[0]).toMatchObject({ name: 'empty', dice: null, pq: null });
    expect(mean['dice']).toBe(1);
  });

  it('scores the rest where files are damaged, lack a partner or differ in size, and ends with 2', async () => {
    for (const path of [truth, prediction])
      for (const name of ['good', 'bad', 'size']) await writeNpy(join(path, `${name}.npy`), trueMap);
    writeFileSync(join(prediction, 'bad.npy'), 'nothing');
    await writeNpy(join(prediction, 'size.npy'), paint([], 8));
    await writeNpy(join(truth, 'alone.npy'), trueMap);
    const run = await runCaptured([...words('instance'), '--json']);
    expect(run.exitCode).toBe(2);
    expect(parseOutput<InstanceOutput>(run).images.map(({ name }) => name)).toEqual(['good']);
    expect(run.stderr.trim().split('\n')).toEqual([
      'alone: only one of the folders has it; it is not scored',
      expect.stringContaining('bad.npy: '),
      expect.stringMatching(/size\.npy: expected the truth's size \[12, 12\], got \[8, 8\]$/),
    ]);
  });

  it('fails with one sentence where nothing can be scored', async () => {
    await writeNpy(join(truth, 'a.npy'), trueMap);
    const nothing = await runCaptured(words('instance'));
    expect(nothing).toMatchObject({ exitCode: 1, stdout: '' });
    expect(nothing.stderr).toMatch(
      /^hovernet: score: expected files of the same name .* got 1 in .* 0 in .* none in both\n$/,
    );
    await writeMat(join(prediction, 'a.mat'), new Map([['other', trueMap]]));
    expect((await runCaptured(words('instance'))).stderr).toMatch(/a\.mat: expected the matrix inst_map, got other\n$/);
  });
});

describe('hovernet score --mode instance of maps with types', () => {
  // The types of the worked example; pairs are 1–1, 2–3 and 3–5.
  const trueTypes = [1, 1, 3, 4];
  const predictedTypes = [1, 1, 2, 2, 4];

  function paintTypes({ shape, data }: NumericArray, types: readonly number[]): NumericArray {
    const ids = [...new Set(data as Int32Array)].filter((id) => id > 0).sort((a, b) => a - b);
    const typeOf = (id: number) => (id === 0 ? 0 : types[ids.indexOf(id)]!);
    return { dtype: 'int32', shape, data: (data as Int32Array).map(typeOf) };
  }

  function column(values: readonly number[]): NumericArray {
    return { dtype: 'float64', shape: [values.length, 1], data: Float64Array.from(values) };
  }

  interface Output extends InstanceOutput {
    readonly panoptic: {
      readonly bpq: number;
      readonly mpq: number;
      readonly mpq_plus: number;
      readonly types: Record<string, { dq: number; sq: number; pq: number }>;
      readonly interval_95: Record<string, readonly [number, number]>;
    } | null;
  }

  async function writeNpyPair(name: string, types = predictedTypes): Promise<void> {
    await writeNpy(join(truth, `${name}.npy`), trueMap);
    await writeNpy(join(truth, `${name}_type_map.npy`), paintTypes(trueMap, trueTypes));
    await writeNpy(join(prediction, `${name}_instance_map.npy`), predictedMap);
    await writeNpy(join(prediction, `${name}_type_map.npy`), paintTypes(predictedMap, types));
  }

  it('gives bPQ, mPQ, mPQ+ and the quality of each type, with seeded intervals', async () => {
    await writeNpyPair('a');
    await writeNpyPair('b', [4, 4, 4, 4, 4]);
    const runs = [
      await runCaptured([...words('instance'), '--json']),
      await runCaptured([...words('instance'), '--json']),
    ];
    expect(runs[1]).toEqual(runs[0]);
    const { panoptic, mean } = parseOutput<Output>(runs[0]!);
    const { bpq, mpq, mpq_plus, types, interval_95 } = panoptic!;
    expect(bpq).toBe(mean['pq']);
    // Image a finds one pair of type 1 (IoU 0.6, of two and two), image b none; there is nothing else to be found.
    expect(mpq).toBeCloseTo((0.3 / 3 + 0) / 2, 5);
    expect(types['1']!.dq).toBeCloseTo(2 / (4 + 2), 12);
    expect(mpq_plus).toBeCloseTo(0.6 / 3 / 3, 5);
    expect(Object.keys(types)).toEqual(['1', '3', '4']);
    expect(interval_95['mpq']![0]).toBe(0);
    expect(interval_95['mpq']![1]).toBeCloseTo(0.1, 5);
    expect(interval_95['bpq']).toEqual([bpq, bpq]);
  });

  it('reads the types of .mat files, by map or by list, and merges the true ones', async () => {
    const merged = [1, 1, 3, 3];
    await writeMat(
      join(truth, 'a.mat'),
      new Map([
        ['inst_map', trueMap],
        ['type_map', paintTypes(trueMap, trueTypes)],
      ]),
    );
    const types = column([4, 3, 3, 1, 1]);
    const ids = column([7, 5, 3, 2, 1]);
    await writeMat(
      join(prediction, 'a.mat'),
      new Map([
        ['inst_map', predictedMap],
        ['inst_type', types],
        ['inst_uid', ids],
      ]),
    );
    const run = await runCaptured([...words('instance'), '--taxonomy', 'consep', '--json']);
    const { panoptic } = parseOutput<Output>(run);
    expect(Object.keys(panoptic!.types)).toEqual([...new Set(merged)].map(String));
    // Pairs 1–1 of type 1 and 3–5 of type 3.
    expect(panoptic!.types['1']!.dq).toBe(2 / 4);
    expect(panoptic!.types['3']!.dq).toBe(2 / 4);
    expect((await runCaptured([...words('instance'), '--taxonomy', 'consep'])).stdout).toMatch(
      /bPQ .*\nmPQ .*\nmPQ\+ .*\n\nall images +DQ +SQ +PQ\n.*\ntype 1 +0\.5000 +0\.6000 +0\.3000\n/,
    );
  });

  it('gives none where images lack types, and says so where only some do', async () => {
    await writeNpy(join(truth, 'b.npy'), trueMap);
    await writeNpy(join(prediction, 'b.npy'), trueMap);
    const plain = await runCaptured([...words('instance'), '--json']);
    expect([parseOutput<Output>(plain).panoptic, plain.stderr]).toEqual([null, '']);
    await writeNpyPair('a');
    const mixed = await runCaptured([...words('instance'), '--json']);
    expect(parseOutput<Output>(mixed).panoptic).toBeNull();
    expect(mixed.stderr).toMatch(/^no bPQ, mPQ and mPQ\+, because 1 of 2 images lack types; .*true\/b\.npy: neither/);
  });
});

describe('hovernet score --mode type', () => {
  type Nucleus = readonly [x: number, y: number, type: number];

  async function write(path: string, nuclei: readonly Nucleus[]): Promise<void> {
    const centroids = Float64Array.from(nuclei.flatMap(([x, y]) => [x, y]));
    const types = Float64Array.from(nuclei.map(([, , type]) => type));
    const variables = new Map<string, NumericArray>([
      ['inst_centroid', { dtype: 'float64', shape: [nuclei.length, nuclei.length && 2], data: centroids }],
      ['inst_type', { dtype: 'float64', shape: [nuclei.length, 1], data: types }],
    ]);
    await writeMat(path, variables);
  }

  const images: readonly (readonly [string, readonly Nucleus[], readonly Nucleus[]])[] = [
    [
      'a',
      [
        [10, 10, 1],
        [30, 10, 2],
        [50, 50, 3],
        [80, 80, 3],
        [100, 20, 4],
      ],
      [
        [12, 10, 1],
        [31, 14, 3],
        [52, 58, 3],
        [140, 140, 2],
      ],
    ],
    [
      'b',
      [
        [20, 20, 2],
        [60, 60, 4],
        [90, 15, 4],
      ],
      [
        [21, 22, 2],
        [58, 66, 4],
        [10, 90, 1],
        [92, 15, 3],
      ],
    ],
  ];

  it('pools the nuclei of all images', async () => {
    for (const [name, trueNuclei, predicted] of images) {
      await write(join(truth, `${name}.mat`), trueNuclei);
      await write(join(prediction, `${name}.mat`), predicted);
    }
    const run = await runCaptured([...words('type'), '--json']);
    const { f1d, acc, f1 } = parseOutput<{ f1d: number; acc: number; f1: Record<string, number> }>(run);
    expect([f1d, acc, ...Object.values(f1)].map((value) => Number(value.toFixed(5)))).toEqual([
      0.75, 0.66667, 0.66667, 0.4, 0.28571, 0.4,
    ]);
    expect((await runCaptured(words('type'))).stdout).toMatch(/F1 type 3 +0\.2857 +0\.\d{4} +0\.\d{4}/);
  });

  it('counts nuclei, and pairs only close centroids when asked to', async () => {
    for (const [name, trueNuclei, predicted] of images) {
      await write(join(truth, `${name}.mat`), trueNuclei);
      await write(join(prediction, `${name}.mat`), predicted);
    }
    type Output = { f1d: number; interval_95: { f1: object }; r2: { types: object; mean: number; total: number } };
    const gated = parseOutput<Output>(await runCaptured([...words('type'), '--pairing', 'gated', '--json']));
    expect(gated.f1d).toBe(0.75);
    expect(Object.keys(gated.interval_95.f1)).toEqual(['1', '2', '3', '4']);
    // Five and three nuclei, four found in both.
    expect(gated.r2.total).toBeCloseTo(1 - (1 + 1) / 2, 12);
    expect(Object.keys(gated.r2.types)).toEqual(['1', '2', '3', '4']);
  });

  it('accepts images without nuclei, and merges true types by a taxonomy', async () => {
    await write(join(truth, 'a.mat'), [[5, 5, 7]]);
    await write(join(prediction, 'a.mat'), [[5, 5, 4]]);
    await write(join(truth, 'b.mat'), []);
    await write(join(prediction, 'b.mat'), []);
    const plain = parseOutput<{ acc: number }>(await runCaptured([...words('type'), '--json']));
    const merged = parseOutput<{ acc: number; f1: object }>(
      await runCaptured([...words('type'), '--taxonomy', 'consep', '--json']),
    );
    expect(plain.acc).toBe(0);
    expect(merged).toMatchObject({ acc: 1, f1: { 4: 1 } });
  });

  it('says that .npy maps hold no centroids', async () => {
    for (const path of [truth, prediction]) await writeNpy(join(path, 'a.npy'), trueMap);
    expect((await runCaptured(words('type'))).stderr).toMatch(/a\.npy: type scores need inst_centroid and inst_type/);
  });
});
