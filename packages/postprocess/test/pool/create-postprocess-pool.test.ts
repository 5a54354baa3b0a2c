import { createHoverMaps, createNucleusTable, createPlanes } from '@hovernet/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createPostprocessPool, segmentNuclei, type PostprocessPool } from '../../src/node.js';
import { createImage } from '../support/synthetic-maps.js';

describe('createPostprocessPool', () => {
  let pool: PostprocessPool;
  afterEach(() => pool.dispose());

  it.each([1, 3])('gives what segmentNuclei gives, in %s threads, in the order asked for', async (workers) => {
    pool = createPostprocessPool({ workers });
    const images = [120, 40, 80, 60, 20].map(createImage);
    const options = { reference: 'hover_net', keepReferenceIds: true } as const;
    const expected = images.map((image) => segmentNuclei(image, options));
    const segmented = await Promise.all(images.map((image) => pool.segment(image, options)));
    expect(segmented).toEqual(expected);
    expect(expected[0]!.nuclei.length).toBeGreaterThan(30);
  });

  it('leaves the calling thread free', async () => {
    pool = createPostprocessPool();
    const image = createImage(400);
    let isDone = false;
    const segmented = pool.segment(image).finally(() => (isDone = true));
    let turns = 0;
    while (!isDone) {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await segmented;
    expect(turns).toBeGreaterThan(10);
  });

  it('does without types, and takes views and empty images', async () => {
    pool = createPostprocessPool();
    const { np, hv } = createImage(40);
    const turned = { np: np.transpose(0, 2, 1), hv: hv.transpose(0, 2, 1) };
    expect(await pool.segment(turned)).toEqual(segmentNuclei(turned));
    const empty = { np: createPlanes(2, 0, 5), hv: createHoverMaps(0, 5), nc: createPlanes(3, 0, 5) };
    expect(await pool.segment(empty)).toEqual(segmentNuclei(empty));
  });

  it('keeps the maps', async () => {
    pool = createPostprocessPool();
    const [image, again] = [createImage(40), createImage(40)];
    await pool.segment(image);
    expect(image).toEqual(again);
  });

  it('gives the nuclei as a table too', async () => {
    pool = createPostprocessPool();
    const image = createImage(60);
    const { nuclei, ...maps } = segmentNuclei(image);
    expect(await pool.segmentTable(image)).toEqual({ ...maps, table: createNucleusTable(nuclei) });
    const { np, hv } = image;
    expect((await pool.segmentTable({ np, hv })).table.types).toBeNull();
  });

  it('throws what segmentNuclei throws, and goes on', async () => {
    pool = createPostprocessPool();
    const image = createImage(40);
    const broken = { ...image, hv: createHoverMaps(40, 40) };
    broken.hv.data[3] = NaN;
    await expect(pool.segment(broken)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: /finite/ });
    await expect(pool.segment({ ...image, hv: createHoverMaps(4, 4) })).rejects.toMatchObject({
      code: 'INVALID_SHAPE',
    });
    await expect(pool.segment(image, { sobelKernelSize: 4 })).rejects.toThrow('odd size');
    expect((await pool.segment(image)).nuclei.length).toBeGreaterThan(3);
  });

  it('may start its threads before there is work for them', async () => {
    pool = createPostprocessPool({ workers: 2, startNow: true });
    const image = createImage(40);
    expect(await pool.segment(image)).toEqual(segmentNuclei(image));
  });

  it('fails what it still has to do when it is disposed of', async () => {
    pool = createPostprocessPool();
    const asked = [createImage(300), createImage(20)].map((image) => pool.segment(image));
    const settled = Promise.allSettled(asked);
    await pool.dispose();
    for (const result of await settled)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'INTERRUPTED' } });
    await expect(pool.segment(createImage(20))).rejects.toThrow('disposed of');
  });

  it('refuses less than one thread', () => {
    for (const workers of [0, 1.5]) expect(() => createPostprocessPool({ workers })).toThrow('at least 1 worker');
    pool = createPostprocessPool();
  });
});
