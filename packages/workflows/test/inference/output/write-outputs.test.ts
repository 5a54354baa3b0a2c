import { HovernetError, createRgbImage } from '@hovernet/core';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openNucleiSpool } from '../../../src/inference/blocks/nuclei-spool.js';
import { openPlaneFile } from '../../../src/inference/blocks/plane-file.js';
import { createMemorySource } from '../../../src/inference/images/image-source.js';
import { listOutputs } from '../../../src/inference/output/name-outputs.js';
import { writeOutputs } from '../../../src/inference/output/write-outputs.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-write-outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function openImage(label: number) {
  const labels = await openPlaneFile(folder, { width: 3, bytesPerPixel: 4 });
  await labels.write([1, 1, 2, 2], new Uint8Array(Int32Array.of(label).buffer));
  const merged = { labels, nuclei: await openNucleiSpool(folder) };
  return { source: createMemorySource(createRgbImage(2, 3)), merged, classes: [], mpp: null };
}

it('warns of a file whose format cannot hold the result, and writes the others', async () => {
  const image = await openImage(65536);
  const files = listOutputs(folder, 'many', { kinds: ['png', 'npy'], typed: false });
  const { files: written, warnings } = await writeOutputs(image, files, new AbortController().signal);
  expect(Object.keys(written)).toEqual(['instance_map_npy']);
  expect(warnings).toEqual([expect.stringMatching(/many_instance_map\.png: not written \(.*got 65536; use \.npy\)/)]);
  expect(readdirSync(folder).sort()).toEqual(['many_instance_map.npy']);
});

it('replaces no file where it is interrupted, and leaves no part of one', async () => {
  const image = await openImage(1);
  const files = listOutputs(folder, 'stopped', { kinds: ['nifti', 'json'], typed: false });
  writeFileSync(files.instance_map!, 'former');
  const reason = new HovernetError('INTERRUPTED', 'stop');
  await expect(writeOutputs(image, files, AbortSignal.abort(reason))).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(readFileSync(files.instance_map!, 'utf8')).toBe('former');
  expect(existsSync(files.nuclei!)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});
