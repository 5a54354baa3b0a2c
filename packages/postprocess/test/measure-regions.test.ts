import { createPlanes } from '@hovernet/core';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { classifyPixels } from '../src/classify-pixels.js';
import { measureRegions } from '../src/measure-regions.js';
import { drawLabels } from './support/pictures.js';

describe('measureRegions', () => {
  const map = drawLabels('.33..', '.33.1', '.3...');

  it('measures every label, and gives absent ones no area', () => {
    const { maxLabel, area, x0, y0, x1, y1, sumX, sumY, first, classes } = measureRegions(map);
    expect([maxLabel, classes]).toEqual([3, 0]);
    expect([...area]).toEqual([0, 1, 0, 5]);
    expect([x0[3], y0[3], x1[3], y1[3]]).toEqual([1, 0, 3, 3]);
    expect([x0[1], y0[1], x1[1], y1[1]]).toEqual([4, 1, 5, 2]);
    expect([sumX[3]! / area[3]!, sumY[3]! / area[3]!]).toEqual([7 / 5, 4 / 5]);
    expect([first[3], first[1]]).toEqual([1, 9]);
  });

  it('counts the classes of a map as those of the logits that gave it', () => {
    const logits = createPlanes(4, 3, 5);
    logits.data.forEach((_, i) => (logits.data[i] = Math.sin(i * i)));
    const classMap = classifyPixels(logits);
    const ofLogits = measureRegions(map, { classLogits: logits });
    const counts = (label: number) => Array.from({ length: 4 }, (_, c) => ofLogits.classCount[label * 4 + c]);
    const expected = (label: number) =>
      [0, 1, 2, 3].map((c) => [...map.data].filter((id, i) => id === label && classMap.data[i] === c).length);
    for (const label of [1, 2, 3]) expect(counts(label)).toEqual(expected(label));
    const ofMap = measureRegions(map, { classMap });
    expect(ofMap.classCount.slice(3 * ofMap.classes, 4 * ofMap.classes)).toEqual(
      Int32Array.from(expected(3).slice(0, ofMap.classes)),
    );
  });

  it('measures nothing in an empty map', () => {
    expect(measureRegions(drawLabels()).maxLabel).toBe(0);
    expect([...measureRegions(drawLabels('...')).area]).toEqual([0]);
  });

  it('refuses classes twice, or of another size', () => {
    const classMap = ndarray(new Uint8Array(15), [3, 5]);
    expect(() => measureRegions(map, { classMap, classLogits: createPlanes(2, 3, 5) })).toThrow('got both');
    expect(() => measureRegions(map, { classMap: ndarray(new Uint8Array(6), [3, 2]) })).toThrow('expected [3, 5]');
  });
});
