import { FileError } from '@hovernet/core';
import { preparePatches, loadTaxonomy, type LoadedBatch } from '@hovernet/data';
import { defaultAugmentOptions, noAugmentation, type AugmentOptions, type TrainBatch } from '@hovernet/transforms';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openLoaders } from '../src/open-loaders.js';
import { resolveTrainOptions, TrainOptionError, type TrainOptions } from '../src/train-options.js';
import { prepareSmallPatches } from './support/small-patches.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-loaders-'));
afterAll(() => rmSync(folder, { recursive: true }));

const prepared = join(folder, 'prepared');

beforeAll(async () => {
  await prepareSmallPatches(folder, prepared);
});

async function open(
  { loading, validation, ...options }: Partial<TrainOptions> = {},
  outClasses = 5,
  processes = { rank: 0, size: 1 },
) {
  const settings = resolveTrainOptions(
    {
      patchesDir: prepared,
      network: { preset: 'tiny' },
      windowPx: 96,
      loading: { batchSize: 4, ...loading },
      validation: { batchSize: 4, ...validation },
      ...options,
    },
    await loadTaxonomy('consep-merged'),
  );
  const network = { ...settings.network, outClasses };
  const loaders = await openLoaders({ ...settings, network }, processes);
  onTestFinished(() => loaders.dispose());
  return loaders;
}

/** The bundle's augmentation without the steps of some groups. */
function augmentWithout(groups: readonly Group[]): AugmentOptions {
  const off = groups.flatMap((group) => groupSteps[group]);
  return { ...defaultAugmentOptions, ...Object.fromEntries(off.map((step) => [step, noAugmentation[step]])) };
}

const groupSteps = {
  affine: ['rotation', 'scale', 'shear', 'translatePx'],
  flip: ['flipRows', 'flipColumns'],
  blurNoise: ['smoothSigmaPx', 'smoothSizesPx', 'median', 'noiseDeviation'],
  color: ['brightness', 'contrast', 'saturation', 'hue', 'brightnessShift'],
} as const;
type Group = keyof typeof groupSteps;
const groups = Object.keys(groupSteps) as Group[];

/** Batches with a digest of their bytes in place of them. */
async function collect(batches: AsyncIterable<LoadedBatch<TrainBatch>>) {
  const all = [];
  for await (const { batch, ...rest } of batches) {
    const { shapes, ...arrays } = batch;
    const hash = createHash('sha256');
    for (const array of Object.values(arrays)) hash.update(array);
    all.push({ ...rest, shapes, digest: hash.digest('hex') });
  }
  return all;
}

describe('the loaders', () => {
  it('draw as many patches for an epoch as asked, by their types', async () => {
    const { train, trainPatches, validationPatches } = await open({
      balance: { typeShare: 0.5, patchesPerEpoch: 20 },
    });
    expect([trainPatches, validationPatches, train.batchesPerEpoch]).toEqual([20, 9, 5]);
    const drawn = (await collect(train.batches(0))).flatMap(({ indices }) => indices);
    expect(drawn).toHaveLength(20);
    expect(drawn.every((index) => index >= 0 && index < 9)).toBe(true);
  });

  it('hand out windows and targets of the configured sizes', async () => {
    const { train, validation, trainPatches, validationPatches } = await open();
    expect([trainPatches, validationPatches, train.batchesPerEpoch]).toEqual([9, 9, 3]);
    for (const loader of [train, validation]) {
      const sizes = [];
      for await (const { batch } of loader.batches(0)) sizes.push(batch.shapes.image[0]);
      expect(sizes).toEqual([4, 4, 1]);
      const { value } = await loader.batches(0).next();
      expect(value!.batch.shapes).toEqual({
        image: [4, 3, 96, 96],
        np: [4, 2, 44, 44],
        hv: [4, 2, 44, 44],
        nc: [4, 5, 44, 44],
      });
    }
  });

  it('leave the targets of types out for a network without them', async () => {
    const { value } = await (await open({}, 0)).train.batches(0).next();
    expect(Object.keys(value!.batch.shapes)).toEqual(['image', 'np', 'hv']);
  });

  it('change training patches from epoch to epoch, and validation patches never', async () => {
    const { train, validation } = await open();
    const imageOf = async (loader: typeof train, epoch: number) =>
      (await loader.batches(epoch).next()).value!.batch.image;
    expect(await imageOf(train, 0)).toEqual(await imageOf(train, 0));
    expect(await imageOf(train, 0)).not.toEqual(await imageOf(train, 1));
    expect(await imageOf(validation, 0)).toEqual(await imageOf(validation, 1));
  });

  it('leave training patches as they are with every augmentation off', async () => {
    const { train } = await open({ augmentation: augmentWithout(groups), loading: { shuffle: false } });
    const images = [];
    for (const epoch of [0, 1]) images.push((await train.batches(epoch).next()).value!.batch.image);
    expect(images[0]).toEqual(images[1]);
  });

  it.each(groups)('augment by %s alone where only that is on', async (part) => {
    const augmentation = augmentWithout(groups.filter((name) => name !== part));
    const { train } = await open({ augmentation, loading: { shuffle: false } });
    const images = [];
    for (const epoch of [0, 1]) images.push((await train.batches(epoch).next()).value!.batch.image);
    expect(images[0]).not.toEqual(images[1]);
  });
});

describe('the loaders with worker threads', () => {
  // A thread takes its time to load through the hooks that sources need; HOVERNET_THOROUGH=1 takes it.
  const counts = process.env['HOVERNET_THOROUGH'] === undefined ? [2] : [1, 2, 4];

  it.each(counts)('hand out the same batches, bit by bit, with %d of them, and go on in the middle', async (count) => {
    const raw = join(folder, `raw-${count}`);
    const taxonomy = await loadTaxonomy('consep-merged');
    const sizes = { patchSize: [100, 100], step: [50, 50] } as const;
    await preparePatches({ root: join(folder, 'data'), out: raw, ...sizes, taxonomy, format: 'raw' });
    const [expected, actual] = [
      await open(),
      await open({
        patchesDir: raw,
        loading: { workers: count, cacheRate: 0.5 },
        validation: { workers: 1, cacheLimitGb: 0 },
      }),
    ];
    for (const epoch of [0, 1]) {
      const whole = await collect(expected.train.batches(epoch));
      expect(await collect(actual.train.batches(epoch))).toEqual(whole);
      expect(await collect(actual.train.batches(epoch, whole[0]!.next))).toEqual(whole.slice(1));
    }
    expect(await collect(actual.validation.batches(0))).toEqual(await collect(expected.validation.batches(0)));
  });
});

describe('the loaders of several processes', () => {
  it('hand out equally many training patches to each, and each validation patch once', async () => {
    const all = await Promise.all(
      [0, 1].map((rank) => open({ loading: { batchSize: 2 }, validation: { batchSize: 2 } }, 5, { rank, size: 2 })),
    );
    expect(all.map(({ train, trainPatches }) => [train.samplesPerEpoch, trainPatches])).toEqual([
      [5, 9],
      [5, 9],
    ]);
    const validated = await Promise.all(all.map(({ validation }) => collect(validation.batches(0))));
    const indices = validated.flat().flatMap((loaded) => loaded.indices);
    expect(indices.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('openLoaders', () => {
  it('says how large patches must be', async () => {
    const opening = open({ windowPx: 128 });
    await expect(opening).rejects.toThrow(TrainOptionError);
    await expect(opening).rejects.toThrow(/windowPx: expected patches of at least 128 px in .*Train, got 100×100/);
  });

  it('names a folder that is missing or has no patches', async () => {
    const missing = open({ patchesDir: join(folder, 'nowhere') });
    await expect(missing).rejects.toThrow(FileError);
    await expect(missing).rejects.toThrow(/nowhere\/Train: no such file or folder/);
    await expect(open({ patchesDir: join(folder, 'data') })).rejects.toThrow(/Train: no \*_image\.npy files; prepare/);
  });

  it('names a patch of which a file is missing', async () => {
    const broken = join(folder, 'broken');
    const taxonomy = await loadTaxonomy('consep-merged');
    await preparePatches({ root: join(folder, 'data'), out: broken, patchSize: [100, 100], step: [50, 50], taxonomy });
    const name = readdirSync(join(broken, 'Train')).find((file) => file.endsWith('_inst_map.npy'))!;
    rmSync(join(broken, 'Train', name));
    await expect(open({ patchesDir: broken })).rejects.toThrow(new RegExp(`${name}: missing`));
  });

  it('tells of a type that the network has no output for', async () => {
    const { train } = await open({}, 2);
    await expect(train.batches(0).next()).rejects.toThrow(
      /Train.a_\d{3}: its classes go up to 2, but the network knows 0 to 1; train with the taxonomy/,
    );
  });
});
