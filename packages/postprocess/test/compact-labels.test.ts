import ndarray from 'ndarray';
import { expect, it } from 'vitest';
import { compactLabels } from '../src/index.js';
import { drawLabels, showMap } from './support/pictures.js';

it('numbers labels 1 to n in their order', () => {
  expect(showMap(compactLabels(drawLabels('7.22', '74..', '.4.9')))).toEqual(['3.11', '32..', '.2.4']);
});

it('copes with labels of any size', () => {
  const map = ndarray(Int32Array.of(2 ** 31 - 1, 0, 5, 2 ** 31 - 1), [2, 2]);
  expect([...compactLabels(map).data]).toEqual([2, 0, 1, 2]);
});
