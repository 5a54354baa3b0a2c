import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArgumentError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeMat, encodeMat, readMat, writeMat, type MatValue, type NumericArray } from '../../src/node.js';
import { temporaryFolder, toPlain } from '../helpers.js';
import { findPython, runPython } from '../python.js';
import { flatten, type FlatValue } from './flatten.js';
import { sparse } from './sparse-sample.js';

const numbers: readonly [string, NumericArray][] = [
  ['inst_map', { dtype: 'int32', shape: [2, 3], data: Int32Array.of(1, 2, 3, 4, 5, 6) }],
  ['volume', { dtype: 'int16', shape: [2, 3, 4], data: Int16Array.from({ length: 24 }, (_, index) => index - 9) }],
  ['m', { dtype: 'bool', shape: [1, 2], data: Uint8Array.of(1, 0) }],
  ['i1', { dtype: 'int8', shape: [1, 1], data: Int8Array.of(-7) }],
  ['u1', { dtype: 'uint8', shape: [5, 1], data: Uint8Array.of(1, 2, 3, 4, 255) }],
  ['u2', { dtype: 'uint16', shape: [1, 1], data: Uint16Array.of(65535) }],
  ['u4', { dtype: 'uint32', shape: [1, 1], data: Uint32Array.of(2 ** 32 - 1) }],
  ['i8', { dtype: 'int64', shape: [1, 2], data: BigInt64Array.of(-(2n ** 63n), 5n) }],
  ['big', { dtype: 'uint64', shape: [1, 1], data: BigUint64Array.of(2n ** 64n - 1n) }],
  ['f4', { dtype: 'float32', shape: [1, 2], data: Float32Array.of(0.5, -Infinity) }],
  ['f8', { dtype: 'float64', shape: [1, 2], data: Float64Array.of(1e300, -0.1) }],
  ['z', { dtype: 'complex128', shape: [2, 1], data: Float64Array.of(1, 2, 3, 4) }],
  ['none', { dtype: 'float64', shape: [0, 4], data: new Float64Array() }],
];
const { rows, starts } = sparse.data;
const text = (...rows: string[]): MatValue => ({ dtype: 'char', shape: [rows.length, rows[0]!.length], data: rows });
const scalar = (value: number): MatValue => ({ dtype: 'float64', shape: [1, 1], data: Float64Array.of(value) });
const others: readonly [string, MatValue][] = [
  ['title', text('µ nuclei')],
  ['rows', text('abc', 'xyz')],
  ['sparse', sparse],
  ['flags', { ...sparse, data: { rows, starts, values: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 1) } } }],
  [
    'waves',
    {
      ...sparse,
      data: { rows, starts, values: { dtype: 'complex128', shape: [2], data: Float64Array.of(1, 2, 3, 4) } },
    },
  ],
  [
    'cells',
    {
      dtype: 'cell',
      shape: [2, 2],
      data: [scalar(1), text('two'), scalar(3), { dtype: 'cell', shape: [1, 1], data: [scalar(4)] }],
    },
  ],
  [
    'record',
    {
      dtype: 'struct',
      shape: [1, 1],
      data: [
        new Map([
          ['name', text('cell')],
          ['n', scalar(3)],
        ]),
      ],
    },
  ],
  ['records', { dtype: 'struct', shape: [1, 2], data: [1, 2].map((n) => new Map([['n', scalar(n)]])) }],
];
const variables = new Map<string, MatValue>([...numbers, ...others]);

const flattenAll = (map: ReadonlyMap<string, MatValue>) =>
  Array.from(map, ([name, value]) => [...flatten(name, value)]).flat();

/** SciPy and Octave know sparse logicals as numbers. */
const withoutSparseLogicals = (values: readonly FlatValue[]) =>
  values.map((value) => (value[0] === 'flags' ? value.with(1, 'float64') : value));

describe('writeMat', () => {
  it.each([true, false])('writes what readMat reads (compressed: %s)', async (compress) => {
    const path = join(temporaryFolder(), 'labels.mat');
    await writeMat(path, variables, { compress });
    const read = await readMat(path);
    expect([...read.keys()]).toEqual([...variables.keys()]);
    expect(flattenAll(read)).toEqual(flattenAll(variables));
    for (const [name, array] of numbers) expect(read.get(name)).toEqual(array);
    expect(read.get('sparse')).toEqual(sparse);
  });

  const python = findPython('scipy');
  it.skipIf(!python)('writes what SciPy reads, compressed or not', async () => {
    const paths = ['deflated.mat', 'plain.mat'].map((name) => join(temporaryFolder(), name));
    for (const [index, path] of paths.entries()) await writeMat(path, variables, { compress: index === 0 });
    const script = fileURLToPath(new URL('../fixtures/describe_mat.py', import.meta.url));
    const described = JSON.parse(runPython(python!, script, paths)) as Record<string, FlatValue[]>;
    const expected = withoutSparseLogicals(flattenAll(variables));
    expect(described).toEqual({ 'deflated.mat': expected, 'plain.mat': expected });
  });

  const octave = spawnSync('octave-cli', ['--version']).status === 0;
  it.skipIf(!octave)('writes what Octave reads', async () => {
    const folder = temporaryFolder();
    await writeMat(join(folder, 'labels.mat'), variables);
    // What it reads it writes again, in its own way.
    const program = `s = load('labels.mat'); assert(class(s.inst_map), 'int32'); assert(s.inst_map, int32([1 2 3; 4 5 6]));
      assert(islogical(s.m)); assert(s.big, intmax('uint64')); assert(s.sparse, sparse([0 0 5; 7 0 0])); assert(s.rows, ['abc'; 'xyz']);
      assert(s.cells{2, 2}{1}, 4); assert(s.record.name, 'cell'); assert([s.records.n], [1 2]); assert(s.flags, sparse([0 0 1; 1 0 0]));
      save('-v7', 'again.mat', '-struct', 's'); disp('done');`;
    writeFileSync(join(folder, 'check.m'), program);
    const run = spawnSync('octave-cli', ['--norc', 'check.m'], { cwd: folder, encoding: 'utf8' });
    expect(run.stdout).toBe('done\n');
    const again = await readMat(join(folder, 'again.mat'));
    // It writes characters as bytes, in an encoding of its own.
    const names = [...variables.keys()].filter((name) => name !== 'title');
    const found = flattenAll(new Map(names.map((name) => [name, again.get(name)!])));
    const expected = flattenAll(variables).filter(([name]) => name !== 'title');
    expect(found).toEqual(withoutSparseLogicals(expected));
  });

  it('makes rows of arrays with one axis, single of float16', () => {
    const row: NumericArray = { dtype: 'float16', shape: [3], data: Float32Array.of(1, 2, 3) };
    const read = decodeMat(encodeMat(new Map([['row', row]])), 'a.mat').get('row') as NumericArray;
    expect(toPlain(read)).toEqual({ dtype: 'float32', shape: [1, 3], numbers: [1, 2, 3] });
  });

  it('keeps characters of two UTF-16 units', () => {
    const read = decodeMat(encodeMat(new Map([['t', { dtype: 'char', shape: [1, 1], data: ['😀'] }]])), 'a.mat').get(
      't',
    );
    expect(read).toEqual({ dtype: 'char', shape: [1, 1], data: ['😀'] });
  });

  it('refuses names that MATLAB cannot have, records of different fields, and objects', () => {
    const one = scalar(1);
    expect(() => encodeMat(new Map([['1st', one]]))).toThrow("'1st' is no name of a MATLAB variable");
    const long = { dtype: 'struct', shape: [1, 1], data: [new Map([['x'.repeat(64), one]])] } as const;
    expect(() => encodeMat(new Map([['s', long]]))).toThrow('names of fields take 1 to 63 bytes');
    const uneven = { dtype: 'struct', shape: [1, 2], data: [new Map([['a', one]]), new Map([['b', one]])] } as const;
    expect(() => encodeMat(new Map([['s', uneven]]))).toThrow('a record lacks the field a');
    const opaque = { dtype: 'opaque', shape: [], data: 'table' } as const;
    expect(() => encodeMat(new Map([['t', opaque]]))).toThrow(ArgumentError);
  });
});
