import {
  createLabelMap,
  createNucleusTable,
  createRgbImage,
  cropView,
  HovernetError,
  type Provenance,
  type SegmentedImage,
} from '@hovernet/core';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { resultFormats } from '../../src/formats/registry.js';
import { listResultFiles, openFileSink } from '../../src/node/open-file-sink.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-file-sink-'));
afterAll(() => rmSync(folder, { recursive: true }));

const formatsOf = (...names: readonly string[]) => resultFormats.filter(({ name }) => names.includes(name));

const provenance: Provenance = {
  weights: { name: 'none', sha256: null },
  grid: { windowPx: 256, keepPx: 164, cellPx: 3, haloPx: 0 },
  options: {},
};

/** An image of 2 × 3 pixels with one nucleus, whose id is `label`, in the middle of the second row. */
function createImage(label: number): SegmentedImage {
  const pixels = createRgbImage(2, 3);
  const labels = createLabelMap(2, 3, Int32Array.of(0, 0, 0, 0, label, 0));
  const table = createNucleusTable([
    { id: label, box: [1, 1, 2, 2], centroid: [1, 1], contour: [[1, 1]], type: null, typeProbability: null },
  ]);
  return {
    width: 3,
    height: 2,
    mpp: null,
    classes: [],
    isTyped: false,
    cells: 1,
    image: {
      width: 3,
      height: 2,
      mpp: null,
      read: (box) => Promise.resolve(cropView(pixels, box)),
      close: () => Promise.resolve(),
    },
    nuclei: {
      count: 1,
      async *tables() {
        yield await Promise.resolve(table);
      },
      inRows: () => Promise.resolve(table),
      typesOf: (ids) => new Uint8Array(ids.length),
    },
    readLabels: (box) => Promise.resolve(cropView(labels, box)),
  };
}

it('lists the files of an image, those of types only where there are types', () => {
  const formats = formatsOf('nifti', 'json', 'raw');
  expect(listResultFiles('out/x/a', { formats, isTyped: true })).toEqual({
    instance_map: 'out/x/a_instance_map.nii.gz',
    type_map: 'out/x/a_type_map.nii.gz',
    nuclei: 'out/x/a.json',
    raw: 'out/x/a_raw.npz',
  });
  const untyped = listResultFiles('out/a', { formats: formatsOf('npy'), isTyped: false });
  expect(Object.keys(untyped)).toEqual(['instance_map_npy']);
});

it('asks for the raw maps only where a format needs them', () => {
  expect(openFileSink('a', formatsOf('nifti', 'json')).needsRawMaps).toBe(false);
  expect(openFileSink('a', formatsOf('nifti', 'raw')).needsRawMaps).toBe(true);
});

it('warns of a file whose format cannot hold the result, and writes the others', async () => {
  const sink = openFileSink(join(folder, 'many'), formatsOf('png', 'npy'));
  await sink.finish(createImage(65536), provenance);
  expect(Object.keys(sink.files)).toEqual(['instance_map_npy']);
  expect(sink.warnings).toEqual([
    expect.stringMatching(/many_instance_map\.png: not written \(.*got 65536; use \.npy\)/),
  ]);
  expect(readdirSync(folder).sort()).toEqual(['many_instance_map.npy']);
});

it('replaces no file where it is interrupted, and leaves no part of one', async () => {
  const formats = formatsOf('nifti', 'json');
  const base = join(folder, 'stopped');
  const files = listResultFiles(base, { formats, isTyped: false });
  writeFileSync(files['instance_map']!, 'former');
  const reason = new HovernetError('INTERRUPTED', 'stop');
  const stopped = { ...createImage(1), readLabels: () => Promise.reject(reason) };
  await expect(openFileSink(base, formats).finish(stopped, provenance)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(readFileSync(files['instance_map']!, 'utf8')).toBe('former');
  expect(existsSync(files['nuclei']!)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});
