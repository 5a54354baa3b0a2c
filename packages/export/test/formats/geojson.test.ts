import { listNuclei, createLabelMap, type SegmentedImage } from '@hovernet/core';
import { expect, it } from 'vitest';
import { listFormatFiles, resultFormats } from '../../src/formats/registry.js';
import { parseGeojson } from '../../src/read/parse-geojson.js';
import { toSegmentedImage } from '../../src/read/nuclei-file.js';
import { createRandomImage, createSegmentedImage } from '../random-nuclei.js';
import { encodeText } from './encode-text.js';

interface Feature {
  readonly id: string;
  readonly geometry: { readonly type: string; readonly coordinates: number[][][] | number[][][][] };
  readonly properties: Readonly<Record<string, unknown>>;
}

const read = async (image: SegmentedImage) => JSON.parse(await encodeText('geojson', image)) as { features: Feature[] };

const ringsOf = ({ geometry: { type, coordinates } }: Feature) =>
  (type === 'Polygon' ? coordinates : (coordinates as number[][][][]).flat()) as number[][][];

const areaOf = (ring: readonly (readonly number[])[]) =>
  ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i]![0]! * y! - x! * ring[i]![1]!) / 2, 0);

const draw = (...rows: string[]) =>
  createLabelMap(
    rows.length,
    rows[0]!.length,
    Int32Array.from(rows.join(''), (digit) => Number(digit)),
  );

it('goes along the edges of pixels, first to the right', async () => {
  const { features } = await read(createSegmentedImage(draw('000', '011', '001'), { seed: 1 }));
  expect(ringsOf(features[0]!)).toEqual([
    [
      [1, 1],
      [3, 1],
      [3, 3],
      [2, 3],
      [2, 2],
      [1, 2],
      [1, 1],
    ],
  ]);
});

it('cuts a ring where it touches itself, and gives parts and holes', async () => {
  const image = createSegmentedImage(draw('1110', '1010', '1101', '0000', '0222', '0202', '0222'), { seed: 1 });
  const [parts, holed] = (await read(image)).features;
  expect(parts!.geometry.type).toBe('MultiPolygon');
  expect((parts!.geometry.coordinates as number[][][][]).map((rings) => rings.map(areaOf))).toEqual([[8, -1], [1]]);
  expect(holed!.geometry.type).toBe('Polygon');
  expect(ringsOf(holed!).map(areaOf)).toEqual([9, -1]);
});

it('keeps an island in a hole apart from what surrounds it', async () => {
  const image = createSegmentedImage(draw('11111', '10001', '10101', '10001', '11111'), { seed: 1 });
  const { geometry } = (await read(image)).features[0]!;
  expect((geometry.coordinates as number[][][][]).map((rings) => rings.map(areaOf))).toEqual([[25, -9], [1]]);
});

it('has the exact area, and no corner twice in a ring, of 2,000 ragged nuclei', async () => {
  const image = createRandomImage({ seed: 3, count: 2000, cellPx: 12, noise: 0.3 });
  const area = new Map<number, number>();
  for (const id of (await image.readLabels([0, 0, image.width, image.height])).data)
    area.set(id, (area.get(id) ?? 0) + 1);
  const { features } = await read(image);
  expect(features).toHaveLength(2000);
  const wrong: string[] = [];
  features.forEach((feature, index) => {
    const rings = ringsOf(feature);
    if (rings.reduce((sum, ring) => sum + areaOf(ring), 0) !== area.get(index + 1)) wrong.push(`area of ${index + 1}`);
    for (const ring of rings) {
      const corners = new Set(ring.map(String)).size;
      if (String(ring.at(-1)) !== String(ring[0]) || corners !== ring.length - 1) wrong.push(`ring of ${index + 1}`);
    }
  });
  expect(wrong).toEqual([]);
});

it.each(['geojson', 'geojsonl'])('%s is read back without loss', async (name) => {
  const image = createRandomImage({ seed: 5, count: 2000, cellPx: 12, noise: 0.3 });
  const text = await encodeText(name, image);
  const document: unknown =
    name === 'geojson'
      ? JSON.parse(text)
      : text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown);
  const { width, height, mpp, classes } = image;
  const back = parseGeojson(document, name === 'geojson' ? {} : { image: { width, height, mpp }, classes });
  expect(back).toMatchObject({ image: { width, height, mpp }, classes, isTyped: true, warnings: [] });
  expect(listNuclei(back.table)).toEqual(listNuclei(await image.nuclei.inRows(0, height)));
  const whole = [0, 0, width, height] as const;
  const labels = await toSegmentedImage(back).readLabels(whole);
  expect(Buffer.from(labels.data.buffer).equals(Buffer.from((await image.readLabels(whole)).data.buffer))).toBe(true);
});

it('says what QuPath reads, and identifies nuclei by the job', async () => {
  const image = createSegmentedImage(draw('120'), { seed: 7 });
  const [first, second] = (await read(image)).features as [Feature, Feature];
  expect(first.properties).toEqual({
    objectType: 'detection',
    classification: { name: 'other, "odd" <b>', color: [0, 128, 255] },
    measurements: { 'Nucleus number': 1, 'Type probability': expect.any(Number) as number },
  });
  expect(first.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{4}00000001$/);
  expect(second.id.slice(0, 28)).toBe(first.id.slice(0, 28));
  const other = JSON.parse(await encodeText('geojson', image, 'another')) as { features: Feature[] };
  expect(other.features[0]!.id.slice(0, 28)).not.toBe(first.id.slice(0, 28));
});

it('reads annotations that a person drew, with their classes, and cuts them off at the image', () => {
  const square = (x: number, y: number, side: number) => [
    [
      [x, y],
      [x + side, y],
      [x + side, y + side],
      [x, y + side],
      [x, y],
    ],
  ];
  const annotation = (coordinates: number[][][], name: string) => ({
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates },
    properties: { objectType: 'annotation', classification: { name, colorRGB: -16776961 } },
  });
  const features = [annotation(square(-2.5, 1.2, 4), 'Tumor'), annotation(square(4.6, 4.6, 0.2), 'Stroma')];
  const file = parseGeojson(features, { image: { width: 9, height: 9, mpp: null } });
  expect(file.classes).toEqual([
    { id: 1, name: 'Tumor', color: [0, 0, 255] },
    { id: 2, name: 'Stroma', color: [0, 0, 255] },
  ]);
  expect(listNuclei(file.table).map(({ id, type, box }) => ({ id, type, box }))).toEqual([
    { id: 1, type: 1, box: [0, 1, 1, 5] },
  ]);
  expect(file.warnings).toEqual(['GeoJSON: 1 polygons without the centre of a pixel are left out']);
});

it('names the feature that is wrong', () => {
  expect(() => parseGeojson({ type: 'FeatureCollection', features: [{ geometry: { type: 'Point' } }] })).toThrow(
    'features[0]: expected a Polygon or MultiPolygon, got Point',
  );
  expect(() => parseGeojson({})).toThrow('expected a FeatureCollection');
  expect(listFormatFiles(resultFormats, true).map(({ ending }) => ending)).toContain('.geojsonl');
});
