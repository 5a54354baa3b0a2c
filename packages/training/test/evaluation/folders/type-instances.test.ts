import { createLabelMap } from '@hovernet/core';
import type { NumericArray } from '@hovernet/files';
import { describe, expect, it } from 'vitest';
import { typeInstances } from '../../../src/evaluation/folders/type-instances.js';

const instanceMap = createLabelMap(2, 4, Int32Array.of(7, 7, 0, 900, 7, 0, 0, 900));

function list(...values: number[]): NumericArray {
  return { dtype: 'float64', shape: [values.length, 1], data: Float64Array.from(values) };
}

function paint(...values: number[]): NumericArray {
  return { dtype: 'int32', shape: [2, 4], data: Int32Array.from(values) };
}

function typesOf(stored: Omit<Parameters<typeof typeInstances>[0], 'instanceMap'>, typeOf?: (type: number) => number) {
  const typed = typeInstances({ instanceMap, ...stored }, typeOf);
  return typeof typed === 'string' ? typed : typed.nuclei.map(({ type }) => type);
}

describe('typeInstances', () => {
  it('takes the most frequent type of the map, background only where there is nothing else', () => {
    expect(typesOf({ typeMap: paint(0, 0, 0, 4, 3, 0, 0, 4) })).toEqual([3, 4]);
    expect(typesOf({ typeMap: paint(0, 0, 0, 4, 0, 0, 0, 5) })).toEqual([0, 4]);
  });

  it('maps the types of the pixels before it counts them', () => {
    const merge = (type: number) => (type === 4 ? 3 : type);
    expect(typesOf({ typeMap: paint(3, 2, 0, 1, 4, 0, 0, 1) }, merge)).toEqual([3, 1]);
  });

  it('takes a list in the order of ascending ids, or of its own ids', () => {
    expect(typesOf({ types: list(2, 5) })).toEqual([2, 5]);
    expect(typesOf({ types: list(2, 5), ids: list(900, 7) })).toEqual([5, 2]);
    expect(typesOf({ types: list(2), ids: list(900) })).toEqual([0, 2]);
  });

  it('renumbers the instances, whose ids may be large', () => {
    const typed = typeInstances({ instanceMap, types: list(2, 5) });
    expect(typed).toMatchObject({ nuclei: [{ id: 1 }, { id: 2 }] });
    if (typeof typed !== 'string') expect([...typed.instanceMap.data]).toEqual([1, 1, 0, 2, 1, 0, 0, 2]);
  });

  it('says what is missing', () => {
    expect(typesOf({})).toMatch('neither its file nor one beside it holds types');
    expect(typesOf({ types: list(1, 2, 3) })).toBe('it holds 3 types (inst_type) for 2 instances');
    expect(typesOf({ typeMap: { ...paint(...Array<number>(8).fill(1)), shape: [4, 2] } })).toMatch('expected [2, 4]');
    expect(typesOf({ typeMap: paint(1, 300, 0, 0, 0, 0, 0, 0) })).toBe(
      'its type map holds 300, expected types of 0 to 255',
    );
  });
});
