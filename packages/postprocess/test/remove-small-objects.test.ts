import { expect, it } from 'vitest';
import { removeSmallObjects } from '../src/label-components.js';
import { drawMask, showMap } from './support/pictures.js';

it('removes components below 10 pixels and keeps those of 10', () => {
  const mask = drawMask('#####.###', '#####.###', '......###');
  expect(showMap(removeSmallObjects(mask))).toEqual(['#####....', '#####....', '.........']);
});

it('counts pixels that touch by a corner only with connectivity 8', () => {
  const mask = drawMask('##.', '..#');
  expect(showMap(removeSmallObjects(mask, { minAreaPx: 3 }))).toEqual(['...', '...']);
  expect(showMap(removeSmallObjects(mask, { minAreaPx: 3, connectivity: 8 }))).toEqual(['##.', '..#']);
});

it('leaves its input as it was', () => {
  const mask = drawMask('#..', '...');
  removeSmallObjects(mask);
  expect(showMap(mask)).toEqual(['#..', '...']);
});
