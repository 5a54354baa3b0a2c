import type { Nucleus, NucleusClass, Provenance } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeNucleiText, formatNuclei, formatNucleus, parseNuclei, type NucleiDocument } from '../src/index.js';

const classes: NucleusClass[] = [{ id: 1, name: 'epithelial', color: [255, 0, 0] }];
const nucleus: Nucleus = {
  id: 7,
  box: [10, 20, 14, 23],
  centroid: [11.5, 21.25],
  contour: [
    [10, 20],
    [13, 20],
    [13, 22],
  ],
  type: 1,
  typeProbability: 0.875,
};
const description = { width: 40, height: 30, mpp: 0.25, classes };

describe('formatNuclei', () => {
  it('writes the documented keys in their order', () => {
    expect(JSON.stringify(formatNuclei({ nuclei: [nucleus] }, description))).toBe(
      '{"schema":"hovernet-nuclei/2","image":{"width":40,"height":30,"mpp":0.25},' +
        '"classes":[{"id":1,"name":"epithelial","color":[255,0,0]}],"provenance":null,' +
        '"nuclei":[{"id":7,"type":1,"type_prob":0.875,"centroid":[11.5,21.25],"box":[10,20,14,23],' +
        '"contour":[[10,20],[13,20],[13,22]]}]}',
    );
  });

  it('writes null for what is not known', () => {
    const untyped = { ...nucleus, type: null, typeProbability: null };
    const document = formatNuclei({ nuclei: [untyped] }, { ...description, mpp: null });
    expect(document.image.mpp).toBeNull();
    expect(document.nuclei[0]).toMatchObject({ type: null, type_prob: null });
  });
});

describe('encodeNucleiText', () => {
  it.each([0, 1, 2, 5])('gives the text of the document for %i nuclei, some at a time', async (count) => {
    const nuclei = Array.from({ length: count }, (_, index) => ({ ...nucleus, id: index + 1 }));
    const records = nuclei.map((one) => JSON.stringify(formatNucleus(one)));
    const texts = [records.slice(0, 2).join(','), '', records.slice(2).join(',')];
    let text = '';
    for await (const part of encodeNucleiText(description, texts)) text += part;
    expect(text).toBe(JSON.stringify(formatNuclei({ nuclei }, description)));
  });
});

describe('parseNuclei', () => {
  it('gives back what was written, whatever the numbers', () => {
    const point = fc.tuple(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.integer());
    const nuclei = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1 }),
        box: fc.constant<Nucleus['box']>([0, 0, 3, 2]),
        centroid: point,
        contour: fc.array(point, { maxLength: 5 }),
        type: fc.option(fc.integer({ min: 0, max: 127 })),
        typeProbability: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(nuclei, (list) => {
        const text = JSON.stringify(formatNuclei({ nuclei: list }, description));
        const parsed = parseNuclei(JSON.parse(text));
        expect(JSON.stringify(formatNuclei(parsed, { ...parsed.image, classes: parsed.classes }))).toBe(text);
      }),
    );
    expect(parseNuclei(formatNuclei({ nuclei: [nucleus] }, description)).nuclei).toEqual([nucleus]);
  });

  it('takes documents without nuclei or classes', () => {
    const parsed = parseNuclei(formatNuclei({ nuclei: [] }, { ...description, classes: [] }));
    expect(parsed).toEqual({ image: { width: 40, height: 30, mpp: 0.25 }, classes: [], provenance: null, nuclei: [] });
  });

  it('passes over fields that it does not know', () => {
    const document = { ...formatNuclei({ nuclei: [nucleus] }, description), comment: 'later' };
    expect(parseNuclei(document).nuclei).toHaveLength(1);
  });

  it.each<[field: string, change: (document: Writable) => void, got: string]>([
    ['schema', (document) => delete document['schema'], 'nothing'],
    ['image', (document) => (document['image'] = 3), '3'],
    ['image.width', (document) => (document['image'].width = 1.5), '1.5'],
    ['image.mpp', (document) => (document['image'].mpp = 0), '0'],
    ['classes', (document) => (document['classes'] = {}), '{}'],
    ['classes[0].name', (document) => (document['classes'][0].name = 5), '5'],
    ['classes[0].color', (document) => (document['classes'][0].color = [0, 0, 256]), '[0,0,256]'],
    ['nuclei[0]', (document) => (document['nuclei'][0] = null), 'null'],
    ['nuclei[0].id', (document) => (document['nuclei'][0].id = 0), '0'],
    ['nuclei[0].type', (document) => (document['nuclei'][0].type = 'x'), '"x"'],
    ['nuclei[0].type_prob', (document) => (document['nuclei'][0].type_prob = 1.01), '1.01'],
    ['nuclei[0].centroid', (document) => (document['nuclei'][0].centroid = [1]), '[1]'],
    ['nuclei[0].box', (document) => (document['nuclei'][0].box = [4, 0, 4, 9]), '[4,0,4,9]'],
    ['nuclei[0].contour', (document) => delete document['nuclei'][0].contour, 'nothing'],
    ['nuclei[0].contour[1]', (document) => (document['nuclei'][0].contour[1] = [2, null]), '[2,null]'],
    ['nuclei[1].id', (document) => document['nuclei'].push(document['nuclei'][0]), '7'],
  ])('names %s where it is wrong', (field, change, got) => {
    const document = JSON.parse(JSON.stringify(formatNuclei({ nuclei: [nucleus] }, description))) as Writable;
    change(document);
    let message = '';
    try {
      parseNuclei(document, { path: 'a.json' });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.startsWith(`a.json: ${field}: expected `)).toBe(true);
    expect(message.endsWith(`, got ${got}`)).toBe(true);
  });

  it('reads documents of the first schema, which say nothing of where they come from', () => {
    const { provenance, ...first } = formatNuclei({ nuclei: [nucleus] }, description);
    expect(provenance).toBeNull();
    const parsed = parseNuclei({ ...first, schema: 'hovernet-nuclei/1' });
    expect(parsed).toMatchObject({ nuclei: [nucleus], provenance: null });
  });

  it('keeps where a result comes from', () => {
    const provenance: Provenance = {
      weights: { name: 'w.safetensors', sha256: 'aa' },
      source: { name: 'a.png', sha256: 'bb' },
      settings: 'sha256:cc',
      grid: { windowPx: 256, keepPx: 164, cellPx: 2048, haloPx: 128 },
      options: { views: 'none' },
    };
    const document = formatNuclei({ nuclei: [] }, { ...description, provenance });
    expect(document.provenance).toEqual({
      weights: { path: 'w.safetensors', sha256: 'aa' },
      source: { path: 'a.png', sha256: 'bb' },
      settings_hash: 'sha256:cc',
      grid: { window_px: 256, keep_px: 164, cell_px: 2048, halo_px: 128 },
      options: { views: 'none' },
    });
    expect(parseNuclei(document).provenance).toEqual(document.provenance);
  });

  it('refuses another schema and values that are no document', () => {
    const document: NucleiDocument = { ...formatNuclei({ nuclei: [] }, description), schema: 'hovernet-nuclei/3' };
    expect(() => parseNuclei(document)).toThrow('expected hovernet-nuclei/2, got hovernet-nuclei/3');
    for (const value of [null, [], 'text']) expect(() => parseNuclei(value)).toThrow('expected an object');
  });
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- documents are spoiled on purpose
type Writable = Record<string, any>;
