import { HovernetError } from '@hovernet/core';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasReference, referencePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { isNumericArray, readMat, type MatValue } from '../../src/index.js';
import { numbersPerElement } from '../../src/numeric-array.js';
import { readFixture } from '../helpers.js';

type Expected = { shape?: number[]; weighted?: number; text?: string[]; fields?: string[] };

const folder = 'data/formats/mat';
const expectations = readFixture<Record<string, Record<string, Expected> | { error: string }>>('mat-files.json');
/** Files that SciPy refuses for a rule that this reader does not have: names in UTF-8 under a byte type. */
const readable = new Set(['bad_miutf8_array_name.mat']);
/** Files with function handles and objects of MATLAB classes. */
const withOpaque = /^(parabola|some_functions|sqr|testfunc|testobject|testmatlabstring)/;

describe.skipIf(!hasReference(folder))('readMat on SciPy’s test files', () => {
  it('finds all of them', () => {
    const files = readdirSync(referencePath(folder)).filter((name) => name.endsWith('.mat'));
    expect(files.sort()).toEqual(Object.keys(expectations).sort());
    expect(files).toHaveLength(111);
  });

  it.each(Object.entries(expectations))('agrees with SciPy on %s', async (name, expected) => {
    const path = join(referencePath(folder), name);
    if ('error' in expected && !readable.has(name)) {
      await expect(readMat(path)).rejects.toBeInstanceOf(HovernetError);
      return;
    }
    const variables = await readMat(path);
    if ('error' in expected) return;
    expect([...variables.keys()]).toEqual(expect.arrayContaining(Object.keys(expected)));
    for (const [variable, value] of Object.entries(expected)) {
      if (variables.get(variable)!.dtype === 'opaque') expect(name).toMatch(withOpaque);
      expect(describeValue(variables.get(variable)!, value)).toEqual(value);
    }
  });
});

function describeValue(value: MatValue, expected: Expected): Expected {
  const { fields, shape, weighted, text } = expected;
  if (value.dtype === 'opaque') return { ...expected };
  if (fields) return { fields: [...(value.data[0] as ReadonlyMap<string, MatValue>).keys()] };
  // SciPy shows empty structures as objects of another shape.
  if (value.dtype === 'struct') return { shape: shape! };
  if (text) return { shape: [...value.shape], text: [...(value.data as string[])] };
  if (weighted === undefined) return { shape: [...value.shape] };
  if (!isNumericArray(value)) throw new Error(`expected numbers, got ${value.dtype}`);
  const step = numbersPerElement(value.dtype);
  let sum = 0;
  for (let i = 0; i < value.data.length; i += step) sum += Number(value.data[i]) * (i / step + 1);
  return { shape: [...value.shape], weighted: Math.abs(sum - weighted) <= 1e-9 * Math.abs(weighted) ? weighted : sum };
}
