import { expect, it } from 'vitest';
import { fillHoles } from '../src/find-markers.js';
import { drawMask, showMap } from './support/pictures.js';

it('fills an enclosed hole', () => {
  expect(showMap(fillHoles(drawMask('.....', '.###.', '.#.#.', '.###.')))).toEqual([
    '.....',
    '.###.',
    '.###.',
    '.###.',
  ]);
});

it('fills a hole that leaks through a diagonal only where background is 4-connected', () => {
  const leaking = drawMask('.....', '.###.', '.#.#.', '.##..', '.....');
  expect(showMap(fillHoles(leaking))).toEqual(showMap(leaking));
  expect(showMap(fillHoles(leaking, { backgroundConnectivity: 4 }))[2]).toBe('.###.');
});

it('leaves background that touches the edge', () => {
  expect(showMap(fillHoles(drawMask('#.#', '#.#', '###')))).toEqual(['#.#', '#.#', '###']);
});
