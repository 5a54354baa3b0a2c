import { createNucleusTable, type Cell, type Nucleus } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { compareAppearance, createSizeMeter } from '../src/compare-appearance.js';

const cell: Cell = { index: 0, core: [0, 0, 9, 9], seen: [0, 0, 9, 9] };
const known = { density: [0.1, 0.2, 0.1], nucleusPx: 20 } as const;
const alike = { stains: null, gain: 'none', nucleusPx: 20, mpp: null } as const;
const stains = (density: readonly [number, number, number]) =>
  ({ density, reference: known.density, gains: [1, 1, 1] }) as const;

const nucleus = (id: number, width: number, height: number): Nucleus => ({
  id,
  box: [0, 0, width, height],
  centroid: [width / 2, height / 2],
  contour: [[0, 0]],
  type: null,
  typeProbability: null,
});

describe('createSizeMeter', () => {
  it('gives the median size of the nuclei of all cells', async () => {
    const meter = createSizeMeter();
    for (let id = 1; id <= 60; id++) await meter.commit(cell, createNucleusTable([nucleus(id, id, 4 * id)]));
    expect(meter.median()).toBe(60);
  });

  it('gives none of a few nuclei', async () => {
    const meter = createSizeMeter();
    await meter.commit(cell, createNucleusTable([nucleus(1, 9, 9)]));
    expect(meter.median()).toBeNull();
  });
});

describe('compareAppearance', () => {
  it('finds nothing in an image like those that the weights know', () => {
    expect(compareAppearance({ ...alike, stains: stains([0.11, 0.19, 0.1]) }, known)).toEqual([]);
    expect(compareAppearance(alike, undefined)).toEqual([]);
  });

  it('warns of stains far from the reference, and advises the gain where there was none', () => {
    expect(compareAppearance({ ...alike, stains: stains([0.2, 0.2, 0.1]) }, known)).toEqual([
      'its stains are 2.00, 1.00, 1.00 times as dense (red, green, blue) as those that the weights know; use the stain gain (half or full)',
    ]);
    expect(compareAppearance({ ...alike, gain: 'full', stains: stains([0.2, 0.2, 0.1]) }, known)).toEqual([]);
    expect(compareAppearance({ ...alike, gain: 'full', stains: stains([0.1, 0.2, 0.02]) }, known)).toEqual([
      expect.stringMatching(/1\.00, 1\.00, 0\.20 times as dense .*; check the result by eye/),
    ]);
  });

  it('warns of nuclei of another size, and asks for the resolution', () => {
    expect(compareAppearance({ ...alike, nucleusPx: 12 }, known)).toEqual([
      'its nuclei measure 12.0 px, those that the weights know 20.0 px; give its resolution (mpp)',
    ]);
    expect(compareAppearance({ ...alike, nucleusPx: 30, mpp: 0.25 }, known)).toEqual([
      expect.stringMatching(/; check its resolution \(0\.25 µm per pixel\)/),
    ]);
  });
});
