import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HovernetError } from '@hovernet/core';
import { hasReference, referencePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { listArrays, readMat } from '../../src/node.js';
import { readFixture } from '../helpers.js';
import { findPython, runPython } from '../python.js';
import { flatten, type FlatValue } from './flatten.js';

/** What a file holds, `name dtype [shape]`, with a digest of the values; or why it is refused. */
type Expected = Readonly<Record<string, number | null>> | { readonly refused: string };

const folder = 'data/formats/mat';
const expectations = readFixture<Record<string, Expected>>('mat-files.json');

/** Read here, but not by SciPy: a name in UTF-8 under a byte type; HDF5. */
const moreThanSciPy = ['bad_miutf8_array_name.mat', 'testhdf5_7.4_GLNX86.mat'];
/** SciPy gives all objects of a file one name, and keeps the last one. */
const opaque = 'testmatlabstring_7_WIN64.mat';

const theta = Array.from({ length: 9 }, (_, index) => (index * Math.PI) / 4);
/** What the files of these names hold, whichever version of MATLAB wrote them. */
const contents: Readonly<Record<string, FlatValue>> = {
  testdouble: ['testdouble', 'float64', [1, 9], theta],
  testcomplex: ['testcomplex', 'complex128', [1, 9], theta.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])],
  testminus: ['testminus', 'float64', [1, 1], [-1]],
  testmatrix: ['testmatrix', 'float64', [3, 5], [1, 2, 3, 4, 5, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0]],
  testsparse: ['testsparse', 'float64', [3, 5], [1, 2, 3, 4, 5, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0]],
  test3dmatrix: [
    'test3dmatrix',
    'float64',
    [2, 3, 4],
    [1, 7, 13, 19, 3, 9, 15, 21, 5, 11, 17, 23, 2, 8, 14, 20, 4, 10, 16, 22, 6, 12, 18, 24],
  ],
  testonechar: ['testonechar', 'char', [1, 1], ['r']],
  teststring: ['teststring', 'char', [1, 43], ['"Do nine men interpret?" "Nine men," I nod.']],
  teststringarray: ['teststringarray', 'char', [3, 5], ['one  ', 'two  ', 'three']],
};

describe.skipIf(!hasReference(folder))('readMat on SciPy’s test files', () => {
  const pathOf = (name: string) => join(referencePath(folder), name);
  const read = async (name: string) =>
    Array.from(await readMat(pathOf(name)), ([key, value]) => [...flatten(key, value)]).flat();

  it('finds all of them', () => {
    const files = readdirSync(referencePath(folder)).filter((name) => name.endsWith('.mat'));
    expect(files.sort()).toEqual(Object.keys(expectations).sort());
    expect(files).toHaveLength(111);
  });

  it.each(Object.entries(expectations))('reads %s, or says why not', async (name, expected) => {
    if ('refused' in expected) {
      const error: unknown = await readMat(pathOf(name)).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(HovernetError);
      expect((error as Error).message).toBe(`${pathOf(name)}: ${expected.refused}`);
      return;
    }
    const label = (name: string, dtype: string, shape: readonly number[]) => `${name} ${dtype} [${shape.join(', ')}]`;
    const found = await read(name);
    expect(Object.fromEntries(found.map((value) => [label(value[0], value[1], value[2]), digest(value)]))).toEqual(
      expected,
    );
    const { arrays } = await listArrays(pathOf(name));
    expect(arrays.map(({ name, dtype, shape }) => label(name, dtype, shape))).toEqual(Object.keys(expected));
  });

  it.each(Object.keys(expectations).filter((name) => name.split('_')[0]! in contents))(
    'finds in %s what its name says',
    async (name) => {
      const [key, dtype, shape, values] = contents[name.split('_')[0]!]!;
      const [found] = await read(name);
      expect(found!.slice(0, 3)).toEqual([key, dtype, shape]);
      for (const [index, value] of values!.entries()) {
        // MATLAB's cosine and sine may differ from those here in the last place.
        if (typeof value === 'number') expect(Math.abs((found![3]![index] as number) - value)).toBeLessThan(1e-15);
        else expect(found![3]![index]).toBe(value);
      }
    },
  );

  const python = findPython('scipy');
  it.skipIf(!python)('agrees with SciPy on every value', async () => {
    const script = fileURLToPath(new URL('../fixtures/describe_mat.py', import.meta.url));
    const output = runPython(python!, script, Object.keys(expectations).map(pathOf));
    const described = JSON.parse(output) as Record<string, FlatValue[] | { error: string }>;
    for (const [name, expected] of Object.entries(described)) {
      if ('error' in expected) expect('refused' in expectations[name]!, name).toBe(!moreThanSciPy.includes(name));
      else if (name === opaque) expect(await read(name)).toEqual(expect.arrayContaining(expected));
      else expect(await read(name), name).toEqual(expected);
    }
  });
});

/** The sum of numbers or of codes of characters, each times its position from 1, to ten digits. */
function digest([, , , values]: FlatValue): number | null {
  if (values === null) return null;
  const numbers = values.flatMap((value) =>
    typeof value === 'number' ? [value] : Array.from(value, (character) => character.codePointAt(0)!),
  );
  return Number(numbers.reduce((sum, value, index) => sum + value * (index + 1), 0).toPrecision(10));
}
