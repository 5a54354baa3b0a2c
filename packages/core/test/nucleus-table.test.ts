import { describe, expect, it } from 'vitest';
import { createNucleusTable, getNucleus, listNuclei, type Nucleus } from '../src/index.js';

const nuclei: Nucleus[] = [
  { id: 3, box: [1, 2, 4, 5], centroid: [2.5, 3.25], contour: [[1, 2]], type: 4, typeProbability: 0.75 },
  {
    id: 7,
    box: [10, 20, 12, 22],
    centroid: [10.5, 20.5],
    contour: [
      [10, 20],
      [10, 21],
      [11, 21],
    ],
    type: 0,
    typeProbability: 1,
  },
];

describe('createNucleusTable', () => {
  it('gives back the nuclei that it was made of', () => {
    const table = createNucleusTable(nuclei);
    expect(listNuclei(table)).toEqual(nuclei);
    expect(getNucleus(table, 1)).toEqual(nuclei[1]);
    expect([...table.contourStarts]).toEqual([0, 1, 4]);
  });

  it('keeps nuclei without types without types', () => {
    const untyped = nuclei.map((nucleus) => ({ ...nucleus, type: null, typeProbability: null }));
    expect(listNuclei(createNucleusTable(untyped))).toEqual(untyped);
  });

  it('has no row for no nucleus', () => {
    const table = createNucleusTable([]);
    expect(table.count).toBe(0);
    expect(listNuclei(table)).toEqual([]);
  });
});
