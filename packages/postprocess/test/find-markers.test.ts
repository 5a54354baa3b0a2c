import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { findMarkers } from '../src/find-markers.js';
import { drawMask, showMap } from './support/pictures.js';

describe('findMarkers', () => {
  const rows = Array.from({ length: 5 }, () => '#####|#####');
  const mask = drawMask(...rows);
  const border = ndarray(
    Float32Array.from(rows.join(''), (character) => (character === '|' ? 0.4 : 0.1)),
    [5, 11],
  );

  it('separates two nuclei where the border reaches the threshold', () => {
    expect(showMap(findMarkers(border, mask))).toEqual(rows.map((row) => row.replace('#####|#####', '11111.22222')));
  });

  it('leaves them together below a higher threshold', () => {
    expect(new Set(findMarkers(border, mask, { threshold: 0.5 }).data)).toEqual(new Set([1]));
  });

  it('drops markers that are too small', () => {
    expect(new Set(findMarkers(border, mask, { minAreaPx: 26 }).data)).toEqual(new Set([0]));
  });
});
