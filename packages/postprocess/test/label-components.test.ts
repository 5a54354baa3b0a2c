import { describe, expect, it } from 'vitest';
import { labelComponents } from '../src/label-components.js';
import { drawMask, showMap } from './support/pictures.js';

describe('labelComponents', () => {
  const mask = drawMask('##..#', '..#.#', '#...#', '##...');

  it('numbers 4-connected components in raster order', () => {
    expect(showMap(labelComponents(mask))).toEqual(['11..2', '..3.2', '4...2', '44...']);
  });

  it('joins corners with connectivity 8', () => {
    expect(showMap(labelComponents(mask, { connectivity: 8 }))).toEqual(['11..2', '..1.2', '3...2', '33...']);
  });

  it('drops small components without renumbering the others', () => {
    expect(showMap(labelComponents(mask, { minAreaPx: 3 }))).toEqual(['....2', '....2', '4...2', '44...']);
  });

  it('joins the arms of a U at their first pixel', () => {
    expect(showMap(labelComponents(drawMask('#.#', '#.#', '###')))).toEqual(['1.1', '1.1', '111']);
  });

  it('gives an empty map for an empty mask', () => {
    expect(labelComponents(drawMask()).shape).toEqual([0, 0]);
  });
});
