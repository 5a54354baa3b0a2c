import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mapTypes } from '../../src/layout/map-types.js';
import { builtinTaxonomies } from '../../src/layout/taxonomy.js';
import { loadTaxonomy } from '../../src/index.js';
import { mayBeMerged } from '../../src/layout/map-types.js';
import { parseTaxonomy } from '../../src/layout/taxonomy.js';
import { temporaryFolder } from '../helpers.js';

const valid = {
  name: 'two',
  source: 'test',
  mpp: 0.5,
  classes: [
    { id: 1, name: 'A', color: [1, 2, 3] },
    { id: 2, name: 'B', color: [0, 0, 0] },
  ],
  mapping: { '1': 1, '5': 2 },
};

describe('loadTaxonomy', () => {
  it.each(builtinTaxonomies)('has %s', async (name) => {
    const taxonomy = await loadTaxonomy(name);
    expect(taxonomy.name).toBe(name);
    expect(taxonomy.classes.map(({ id }) => id)).toEqual(taxonomy.classes.map((_, index) => index + 1));
  });

  it('merges CoNSeP’s seven types into four classes', async () => {
    const consep = await loadTaxonomy('consep');
    expect([...mapTypes([0, 1, 2, 3, 4, 5, 6, 7, 0], consep, 'a.mat')]).toEqual([0, 1, 2, 3, 3, 4, 4, 4, 0]);
    expect(consep.classes.map(({ name }) => name)).toEqual(['Other', 'Inflammatory', 'Epithelial', 'Spindle-shaped']);
    expect(consep.mpp).toBe(0.25);
  });

  it('reads a file of one’s own', async () => {
    const path = join(temporaryFolder(), 'two.json');
    writeFileSync(path, JSON.stringify(valid));
    expect(await loadTaxonomy(path)).toEqual({
      ...valid,
      mapping: new Map([
        [1, 1],
        [5, 2],
      ]),
    });
  });

  it('names the built-in ones when there is no such', async () => {
    await expect(loadTaxonomy('monuseg')).rejects.toThrow('no such taxonomy; use one of consep, consep-merged, lizard');
  });

  it.each([
    [{ ...valid, name: '' }, 'name'],
    [{ ...valid, mpp: 0 }, 'mpp'],
    [{ ...valid, classes: [] }, '1 to 127 classes'],
    [{ ...valid, classes: [{ id: 2, name: 'A', color: [0, 0, 0] }] }, 'classes[0] to be { id: 1'],
    [{ ...valid, classes: [{ id: 1, name: 'A', color: [0, 0, 256] }] }, 'classes[0]'],
    [{ ...valid, mapping: { '1': 3 } }, "mapping '1'"],
    [{ ...valid, mapping: { x: 1 } }, "mapping 'x'"],
    [{ ...valid, mapping: [] }, 'mapping to be an object'],
    [[], 'an object'],
  ])('refuses %j', (value, problem) => {
    expect(() => parseTaxonomy(JSON.stringify(value), 't.json')).toThrow(problem);
  });

  it('says where the text is no JSON', () => {
    expect(() => parseTaxonomy('{', 't.json')).toThrow('t.json: not JSON');
  });
});

describe('mapTypes', () => {
  it('refuses types that the taxonomy does not know, and lists them', async () => {
    const consep = await loadTaxonomy('consep');
    expect(() => mapTypes([0, 9, 1, 8, 9], consep, 'a.mat')).toThrow(
      'a.mat: type ids 8, 9 are not in taxonomy consep (it maps 1, 2, 3, 4, 5, 6, 7); choose another taxonomy',
    );
  });
});

describe('mayBeMerged', () => {
  it('suspects labels that mapping would change although they hold class ids only', async () => {
    const consep = await loadTaxonomy('consep');
    expect(mayBeMerged([1, 2, 3, 4], consep)).toBe(true);
    expect(mayBeMerged([1, 2, 3], consep)).toBe(false);
    expect(mayBeMerged([1, 4, 7], consep)).toBe(false);
    expect(mayBeMerged([1, 2, 3, 4], await loadTaxonomy('consep-merged'))).toBe(false);
  });
});
