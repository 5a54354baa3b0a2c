import { readFileSync } from 'node:fs';
import { toContiguous, type Box } from '@hovernet/core';
import { workspacePath } from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSlide } from '../src/node.js';
import type { SlideReader } from '../src/slide-reader.js';

const path = workspacePath('samples/slides/CMU-1-Small-Region.svs');

describe('a slide', () => {
  let slide: SlideReader;
  beforeAll(async () => void (slide = await openSlide(path)));
  afterAll(() => slide.close());

  it('says what it is', () => {
    expect(slide).toMatchObject({
      format: 'svs',
      vendor: 'Aperio',
      mpp: [0.499, 0.499],
      levels: [{ width: 2220, height: 2967, downsample: 1, tilePx: [240, 240] }],
      associated: ['thumbnail', 'label', 'macro'],
    });
  });

  it('has pixels that do not depend on the box', async () => {
    const whole = await slide.readRegion(0, [200, 200, 800, 700]);
    for (const box of [
      [230, 210, 250, 260],
      [200, 200, 201, 201],
      [470, 470, 800, 700],
    ] as Box[]) {
      const part = await slide.readRegion(0, box);
      const [x0, y0, x1, y1] = box;
      const same = whole.lo(y0 - 200, x0 - 200).hi(y1 - y0, x1 - x0);
      expect(toContiguous(part)).toEqual(toContiguous(same));
    }
  });

  it('is white outside', async () => {
    const corner = await slide.readRegion(0, [2215, 2960, 2230, 2970]);
    expect([corner.get(9, 0, 0), corner.get(0, 5, 1), corner.get(9, 14, 2)]).toEqual([255, 255, 255]);
    const far = await slide.readRegion(0, [-20, -20, -10, -10]);
    expect(Array.from(far.data)).toEqual(Array(300).fill(255));
  });

  it('gives the pictures beside the levels', async () => {
    const shapes = await Promise.all(slide.associated.map(async (name) => (await slide.readAssociated(name)).shape));
    expect(shapes).toEqual([
      [768, 574, 3],
      [463, 387, 3],
      [431, 1280, 3],
    ]);
  });

  it('is the same as a blob', async () => {
    const other = await openSlide(new Blob([readFileSync(path)]));
    const box: Box = [1000, 1000, 1100, 1050];
    expect((await other.readRegion(0, box)).data).toEqual((await slide.readRegion(0, box)).data);
  });

  it.each([
    [1, [0, 0, 5, 5]],
    [0, [0, 0, 0, 5]],
    [0, [0.5, 0, 3, 3]],
  ] as [number, Box][])('refuses level %i and box %j', async (level, box) => {
    await expect((async () => slide.readRegion(level, box))()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('stops when it is told to', async () => {
    await expect(slide.readRegion(0, [0, 0, 2000, 2000], AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
