import { createLabelMap, type LabelMap } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeOverlapTable, scoreInstances, scoreTypedInstances, type TypedInstances } from '../src/index.js';
import { mapPairs } from './small-maps.js';

const classes = 3;

function withTypes(instanceMap: LabelMap, shift: number): TypedInstances {
  const ids = [...new Set(instanceMap.data)].filter((id) => id > 0);
  return { instanceMap, nuclei: ids.map((id) => ({ id, type: 1 + ((id + shift) % classes) })) };
}

/** The map with the instances of one type only. */
function keepType({ instanceMap, nuclei }: TypedInstances, type: number): LabelMap {
  const kept = new Set(nuclei.flatMap((nucleus) => (nucleus.type === type ? [nucleus.id] : [])));
  const [height, width] = instanceMap.shape as [number, number];
  return createLabelMap(
    height,
    width,
    instanceMap.data.map((id) => (kept.has(id) ? id : 0)),
  );
}

const pairs = fc
  .tuple(mapPairs, fc.nat(2))
  .map(([[truth, prediction], shift]) => ({ truth: withTypes(truth, 0), prediction: withTypes(prediction, shift) }));

describe('panoptic quality of types', () => {
  it('is the quality of the maps that hold one type only', () => {
    fc.assert(
      fc.property(pairs, (image) => {
        const { types } = scoreTypedInstances([image], { types: [1, 2, 3] });
        for (const type of [1, 2, 3]) {
          const { dq, sq, pq } = scoreInstances(keepType(image.truth, type), keepType(image.prediction, type));
          expect(types[type]).toEqual({ dq, sq, pq });
        }
      }),
    );
  });

  it('does not change when ids are renamed, is symmetric in mPQ+, and lies between 0 and 1', () => {
    fc.assert(
      fc.property(pairs, ({ truth, prediction }) => {
        const types = { types: [1, 2, 3] };
        const scores = scoreTypedInstances([{ truth, prediction }], types);
        const renamed = scoreTypedInstances([{ truth: reverseIds(truth), prediction: reverseIds(prediction) }], types);
        const swapped = scoreTypedInstances([{ truth: prediction, prediction: truth }], types);
        for (const name of ['bpq', 'mpq', 'mpqPlus'] as const) {
          if (Number.isNaN(scores[name])) expect(renamed[name]).toBeNaN();
          else {
            expect(renamed[name]).toBeCloseTo(scores[name], 12);
            expect(scores[name]).toBeGreaterThanOrEqual(0);
            expect(scores[name]).toBeLessThanOrEqual(1);
          }
        }
        if (Number.isNaN(scores.mpqPlus)) expect(swapped.mpqPlus).toBeNaN();
        else expect(swapped.mpqPlus).toBeCloseTo(scores.mpqPlus, 12);
      }),
    );
  });

  it('is 1 for a map against itself', () => {
    fc.assert(
      fc.property(pairs, ({ truth }) => {
        fc.pre(truth.nuclei.length > 0);
        const { bpq, mpq, mpqPlus } = scoreTypedInstances([{ truth, prediction: truth }]);
        for (const value of [bpq, mpq, mpqPlus]) expect(value).toBeCloseTo(1, 5);
      }),
    );
  });
});

function reverseIds({ instanceMap, nuclei }: TypedInstances): TypedInstances {
  const [height, width] = instanceMap.shape as [number, number];
  const greatest = computeOverlapTable(instanceMap, instanceMap).truthIds.reduce((a, b) => Math.max(a, b), 0);
  const rename = (id: number) => (id === 0 ? 0 : greatest + 1 - id);
  return {
    instanceMap: createLabelMap(height, width, instanceMap.data.map(rename)),
    nuclei: nuclei.map(({ id, type }) => ({ id: rename(id), type })),
  };
}
