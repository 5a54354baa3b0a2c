import { createPlanes } from '@hovernet/core';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { classifyPixels } from '../src/classify-pixels.js';
import { describeNuclei, paintTypes } from '../src/index.js';
import { drawLabels, drawMask } from './support/pictures.js';

describe('describeNuclei', () => {
  const map = drawLabels('.22..', '.22.5', '.2...');
  const classMap = ndarray(Uint8Array.of(0, 1, 3, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0), [3, 5]);

  it('gives each label its box, exact mean, contour and type', () => {
    expect(describeNuclei(map, { classMap })).toEqual([
      {
        id: 2,
        box: [1, 0, 3, 3],
        centroid: [7 / 5, 4 / 5],
        contour: [
          [1, 0],
          [1, 2],
          [2, 1],
          [2, 0],
        ],
        type: 3,
        typeProbability: 3 / (5 + 1e-6),
      },
      { id: 5, box: [4, 1, 5, 2], centroid: [4, 1], contour: [[4, 1]], type: 0, typeProbability: 1 / (1 + 1e-6) },
    ]);
  });

  it('counts the classes of logits as of the class map that they give', () => {
    const logits = createPlanes(4, 3, 5);
    logits.data.forEach((_, i) => (logits.data[i] = Math.sin(i * i)));
    const fromMap = describeNuclei(map, { classMap: classifyPixels(logits) });
    expect(describeNuclei(map, { classLogits: logits })).toEqual(fromMap);
    expect(() => describeNuclei(map, { classMap, classLogits: logits })).toThrow('classMap or classLogits, got both');
    expect(() => describeNuclei(map, { classLogits: createPlanes(4, 5, 3) })).toThrow('[1…256 classes, 3, 5]');
  });

  it('leaves types null without classes', () => {
    expect(describeNuclei(map).map(({ type, typeProbability }) => [type, typeProbability])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('reads views in their own order', () => {
    const turned = describeNuclei(map.transpose(1, 0));
    expect(turned.map(({ box }) => box)).toEqual([
      [0, 1, 3, 3],
      [1, 4, 2, 5],
    ]);
    expect(turned[0]!.contour).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 1],
    ]);
  });

  it('describes nothing in an empty map', () => {
    expect(describeNuclei(drawLabels())).toEqual([]);
    expect(describeNuclei(drawLabels('...'))).toEqual([]);
  });

  it('refuses classes of another size', () => {
    expect(() => describeNuclei(map, { classMap: drawMask('..') })).toThrow('classMap: expected [3, 5], got [1, 2]');
  });
});

it('paints the type of each nucleus on its pixels', () => {
  const map = drawLabels('12', '.2');
  const nuclei = describeNuclei(map, { classMap: ndarray(Uint8Array.of(4, 2, 0, 0), [2, 2]) });
  expect([...paintTypes(map, nuclei).data]).toEqual([4, 2, 0, 2]);
});
