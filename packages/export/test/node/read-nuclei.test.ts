import { listNuclei, type Nucleus, type SegmentedImage } from '@hovernet/core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findFormats, formatNames, readNuclei, toSegmentedImage, writeFormats } from '../../src/node.js';
import { classes, createRandomImage } from '../random-nuclei.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-read-nuclei-'));
afterAll(() => rmSync(folder, { recursive: true }));

const solid = createRandomImage({ seed: 11, count: 2000, cellPx: 12 });
const ragged = createRandomImage({ seed: 12, count: 2000, cellPx: 12, noise: 0.3 });

async function writeAndRead(format: string, image: SegmentedImage) {
  const formats = findFormats([format]);
  const pathOf = ({ ending }: { ending: string }) => join(folder, `a${ending}`);
  const { files } = await writeFormats(image, formats, { pathOf, origin: { name: 'a', provenance: null } });
  return readNuclei(Object.values(files)[0]!, { classes });
}

const listOf = async (image: SegmentedImage) => listNuclei(await image.nuclei.inRows(0, image.height));

const same = (a: Int32Array, b: Int32Array) => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

it.each(['json', 'json.gz', 'geojson', 'geojson.gz', 'geojsonl.gz', 'hover_net', 'mat'])(
  '2,000 random nuclei come back from %s as they were',
  async (format) => {
    const image = format === 'mat' ? ragged : solid;
    const back = await writeAndRead(format, image);
    expect(listNuclei(back.table)).toEqual(await listOf(image));
    expect(back).toMatchObject({ classes, isTyped: true });
    const box = [0, 0, back.image.width, back.image.height] as const;
    const labels = (await toSegmentedImage(back).readLabels(box)).data;
    expect(same(labels, (await image.readLabels(box)).data)).toBe(true);
  },
);

it.each(['csv', 'tsv.gz'])('%s gives back places and types, not shapes', async (format) => {
  const back = await writeAndRead(format, ragged);
  const expected = (await listOf(ragged)).map((nucleus): Nucleus => ({ ...nucleus, contour: [] }));
  expect(listNuclei(back.table)).toEqual(expected);
  expect(back).toMatchObject({ image: { mpp: 0.25 }, classes, isTyped: true });
});

it('the labels of a TIFF come back, without types', async () => {
  const back = await writeAndRead('tiff', ragged);
  const { width, height } = ragged;
  expect(back).toMatchObject({ image: { width, height }, isTyped: false });
  const expected = (await listOf(ragged)).map((nucleus) => ({ ...nucleus, type: null, typeProbability: null }));
  expect(listNuclei(back.table)).toEqual(expected);
});

it("the original's table for QuPath gives back centroids and types", async () => {
  const back = await writeAndRead('qupath', ragged);
  const take = ({ centroid, type }: Nucleus) => ({ centroid, type });
  expect(listNuclei(back.table).map(take)).toEqual((await listOf(ragged)).map(take));
});

it('a table cannot become polygons', async () => {
  const image = toSegmentedImage(await writeAndRead('csv', solid));
  const target = { pathOf: () => join(folder, 'b.geojson'), origin: { name: 'b', provenance: null } };
  const { warnings } = await writeFormats(image, findFormats(['geojson']), target);
  expect(warnings).toEqual([expect.stringContaining('its outline is needed')]);
});

it.each([
  [
    'a.xml',
    '',
    "expected a file of nuclei (.json, .geojson, .geojsonl, .csv, .tsv, .mat, .tif, .tiff, .npy), got '.xml'",
  ],
  ['b.json', '{', 'b.json: no JSON, or truncated'],
  ['c.json.gz', '{}', 'c.json.gz: no gzip file, or damaged'],
  ['d.geojsonl', '{}\n{', 'd.geojsonl: line 2: no JSON'],
  ['e.csv', 'id,x\n', 'expected a column y, got id, x'],
  ['f.csv', 'x,y\n1,two\n', "line 2: y: expected a number, got 'two'"],
  ['g.json', '{"nuc": {"1": {}}}', 'nuc.1: contour: expected points [x, y]'],
  ['h.tif', 'no picture', 'h.tif: not a TIFF file'],
])('%s: %s', async (name, content, message) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  await expect(readNuclei(path)).rejects.toThrow(message);
});

it('knows every format by name, those of text compressed too', () => {
  expect(
    findFormats(formatNames)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...formatNames].sort());
  expect(formatNames).toContain('csv.gz');
  expect(formatNames).not.toContain('mat.gz');
});
