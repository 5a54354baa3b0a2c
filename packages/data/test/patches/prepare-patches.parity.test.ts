import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cropView, toContiguous } from '@hovernet/core';
import { hasReference, readReferenceJson, referencePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { listPatchOrigins } from '../../src/patches/patch-grid.js';
import { listTiles, loadTaxonomy, openPatches, preparePatches, readTile } from '../../src/index.js';
import { cutPatch } from '../../src/patches/cut-patch.js';
import { planPreparation } from '../../src/patches/preparation-plan.js';
import { sha256, temporaryFolder } from '../helpers.js';

interface Golden {
  phase: string;
  count: number;
  full_image: GoldenFile & { sha256: string };
  full_label: GoldenFile & { sha256: string };
  headers: Record<'image' | 'inst_map' | 'type_map', GoldenFile>;
  patches: { index: string; image: string; inst_map: string; type_map: string }[];
  [valid: `valid_${string}`]: {
    crop_row_col_h_w: [number, number, number, number];
    patch: [number, number];
    step: [number, number];
    patches: string[];
  };
}

interface GoldenFile {
  header_text: string;
  header_total_bytes: number;
  file_bytes: number;
}

const here = hasReference('golden/patches') && hasReference('data/CoNSeP');

describe.skipIf(!here).each(['train_3', 'test_2'])('patches of CoNSeP %s', (name) => {
  it('have the bytes of the reference preparation', async () => {
    const golden = readReferenceJson<Record<string, Golden>>('golden/patches/patches.json')[name]!;
    const { root, out } = linkTile(golden.phase, name);
    const result = await preparePatches({ root, out, phases: [golden.phase] });
    expect(result.phases).toEqual({ [golden.phase]: { tiles: 1, patches: golden.count } });
    const path = (file: string) => join(out, golden.phase, file);
    expect(checkFile(path(`image_${name}.npy`), golden.full_image)).toBe(golden.full_image.sha256);
    expect(checkFile(path(`label_${name}.npy`), golden.full_label)).toBe(golden.full_label.sha256);
    for (const patch of golden.patches) {
      for (const part of ['image', 'inst_map', 'type_map'] as const) {
        expect(checkFile(path(`${name}_${patch.index}_${part}.npy`), golden.headers[part])).toBe(patch[part]);
      }
    }
  });

  it.each(['npz', 'raw'] as const)('come out of format %s as the reference has them', async (format) => {
    const golden = readReferenceJson<Record<string, Golden>>('golden/patches/patches.json')[name]!;
    const { root, out } = linkTile(golden.phase, name);
    await preparePatches({ root, out, phases: [golden.phase], format });
    const patches = await openPatches(out, golden.phase);
    expect(patches.length).toBe(golden.count);
    const indices = new Map(Array.from({ length: patches.length }, (_, index) => [patches.name(index), index]));
    for (const patch of golden.patches) {
      const { image, instanceMap, typeMap } = await patches.load(indices.get(`${name}_${patch.index}`)!);
      const digest = ({ data }: { data: ArrayLike<number> }) => sha256(Int32Array.from(data));
      expect([digest(image), digest(instanceMap), digest(typeMap)]).toEqual([
        patch.image,
        patch.inst_map,
        patch.type_map,
      ]);
    }
  });

  it('cut without mirroring are those of the reference', async () => {
    const golden = readReferenceJson<Record<string, Golden>>('golden/patches/patches.json')[name]!;
    const tiles = await listTiles(referencePath('data/CoNSeP'), golden.phase);
    const tile = await readTile(
      tiles.find((candidate) => candidate.name === name)!,
      await loadTaxonomy('consep'),
    );
    const keys = Object.keys(golden).filter((key): key is `valid_${string}` => key.startsWith('valid_'));
    expect(keys).toHaveLength(3);
    for (const key of keys) {
      const { crop_row_col_h_w: crop, patch, step, patches } = golden[key]!;
      const [row, column, height, width] = crop;
      const field = interleave(tile, [column, row, column + width, row + height]);
      const origins = listPatchOrigins(height, width, { type: 'valid', patchSize: patch, step });
      const digests = origins.map((origin) => {
        const data = new Int32Array(patch[0] * patch[1] * 5);
        cutPatch({ data: field, height, width, channels: 5 }, origin, { data, height: patch[0], width: patch[1] });
        return sha256(data);
      });
      expect(digests).toEqual(patches);
    }
  });
});

describe.skipIf(!hasReference('data/CoNSeP'))('the whole of CoNSeP', () => {
  const root = referencePath('data/CoNSeP');

  it('makes 1,323 patches for training and 686 for testing', async () => {
    const { phases, grid } = await planPreparation({ root, out: temporaryFolder() });
    const counts = phases.map(async ({ name, tiles }) => {
      const shapes = await Promise.all(tiles.map(async ({ inspect }) => (await inspect()).shape));
      return [name, tiles.length, shapes.flatMap(([height, width]) => listPatchOrigins(height, width, grid)).length];
    });
    expect(await Promise.all(counts)).toEqual([
      ['Train', 27, 1323],
      ['Test', 14, 686],
    ]);
  });

  // 12 GB and a minute. The digest is that of what tools/peers/time_numpy_prepare.py writes:
  // find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
  it.skipIf(process.env['HOVERNET_THOROUGH'] === undefined)(
    'has the bytes that NumPy writes, in all 6,109 files',
    { timeout: 600_000 },
    async () => {
      const out = temporaryFolder();
      const { phases } = await preparePatches({ root, out });
      expect(phases).toEqual({ Train: { tiles: 27, patches: 1323 }, Test: { tiles: 14, patches: 686 } });
      const files = ['Train', 'Test'].flatMap((phase) =>
        readdirSync(join(out, phase)).flatMap((name) => (name === 'taxonomy.json' ? [] : `${phase}/${name}`)),
      );
      const lines = files.sort().map((file) => `${sha256(readFileSync(join(out, file)))}  ./${file}\n`);
      expect(lines).toHaveLength(6109);
      expect(sha256(Buffer.from(lines.join('')))).toBe(
        '1cc44da6bd918fa3e6f0bc9416534455f2da044273836ead73a46f45c11e2c9f',
      );
    },
  );
});

/** A data set of one tile of CoNSeP, and where to prepare it. */
function linkTile(phase: string, name: string): { root: string; out: string } {
  const root = temporaryFolder();
  for (const [folder, ending] of Object.entries({ Images: 'png', Labels: 'mat' })) {
    mkdirSync(join(root, phase, folder), { recursive: true });
    const file = `${phase}/${folder}/${name}.${ending}`;
    symlinkSync(referencePath(`data/CoNSeP/${file}`), join(root, file));
  }
  return { root, out: join(root, 'Prepared') };
}

/** Checks header and length; the digest of the elements. */
function checkFile(path: string, expected: GoldenFile): string {
  const bytes = readFileSync(path);
  expect(statSync(path).size).toBe(expected.file_bytes);
  expect(bytes.toString('latin1', 10, expected.header_total_bytes).trimEnd()).toBe(expected.header_text);
  return sha256(bytes.subarray(expected.header_total_bytes));
}

function interleave(tile: Awaited<ReturnType<typeof readTile>>, box: [number, number, number, number]): Int32Array {
  const image = toContiguous(cropView(tile.image, box));
  const instances = toContiguous(cropView(tile.instanceMap, box));
  const types = toContiguous(cropView(tile.typeMap, box));
  const field = new Int32Array(instances.length * 5);
  for (let i = 0; i < instances.length; i++) {
    field.set(image.subarray(3 * i, 3 * i + 3), 5 * i);
    field[5 * i + 3] = instances[i]!;
    field[5 * i + 4] = types[i]!;
  }
  return field;
}
