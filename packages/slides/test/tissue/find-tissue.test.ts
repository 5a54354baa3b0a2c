import { createRandom, createRgbImage, type Box, type RgbImage } from '@hovernet/core';
import { workspacePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import {
  findTissue,
  maskFromGeoJson,
  maskFromImage,
  openRegionSource,
  openSlide,
  tissueShare,
} from '../../src/node.js';
import { createMemorySlide } from '../support/memory-slide.js';

type Color = readonly [red: number, green: number, blue: number];
const colors = {
  glass: [243, 242, 244],
  stroma: [224, 160, 200],
  nuclei: [110, 70, 150],
  pale: [228, 210, 224],
  greenPen: [40, 140, 80],
  bluePen: [40, 90, 190],
  blackPen: [25, 28, 30],
} as const;

/** A picture of 200 × 100 pixels whose columns show `parts` from left to right, with noise. */
function paint(...parts: (keyof typeof colors)[]): RgbImage {
  const random = createRandom(7);
  const image = createRgbImage(100, 200);
  for (let i = 0; i < 100 * 200; i++) {
    const color: Color = colors[parts[Math.floor(((i % 200) * parts.length) / 200)]!];
    const noise = random.integer(5) - 2;
    for (let k = 0; k < 3; k++) image.data[3 * i + k] = color[k]! + noise;
  }
  return image;
}

const shareOf = async (image: RgbImage) => tissueShare(await findTissue(createMemorySlide([image], 8)));

describe('tissue', () => {
  it('is what has colour', async () => {
    expect(await shareOf(paint('glass', 'stroma', 'nuclei', 'glass'))).toBeCloseTo(0.5, 2);
  });

  it('is found where it is pale', async () => {
    expect(await shareOf(paint('glass', 'pale', 'nuclei', 'glass'))).toBeCloseTo(0.5, 1);
  });

  it('is everywhere where nothing looks like glass', async () => {
    expect(await shareOf(paint('stroma', 'nuclei'))).toBe(1);
    expect(await shareOf(paint('stroma', 'pale'))).toBe(1);
  });

  it('is nowhere on glass alone', async () => {
    expect(await shareOf(paint('glass'))).toBe(0);
  });

  it.each(['greenPen', 'bluePen', 'blackPen'] as const)('is not ink: %s', async (pen) => {
    expect(await shareOf(paint('glass', 'nuclei', pen, 'glass'))).toBeCloseTo(0.25, 2);
  });

  it('is a third of the CMU region', async () => {
    const slide = await openSlide(workspacePath('samples/slides/CMU-1-Small-Region.svs'));
    const mask = await findTissue(slide);
    expect([mask.width, mask.height]).toEqual([138, 185]);
    expect(tissueShare(mask)).toBeCloseTo(0.35, 1);
    await slide.close();
  });
});

describe('a region source', () => {
  const slide = createMemorySlide([paint('glass', 'glass', 'glass', 'nuclei')], 8);

  it('knows where glass is, with a margin of 4 cells', async () => {
    const source = await openRegionSource(slide, { mpp: 4 });
    const has = (box: Box) => source.hasTissue(box);
    expect([source.width, source.height]).toEqual([400, 200]);
    expect(has([0, 0, 290, 200])).toBe(false);
    expect(has([0, 0, 296, 200])).toBe(true);
    expect(has([390, 190, 500, 300])).toBe(true);
    expect(has([400, 0, 500, 100])).toBe(false);
  });

  it('takes tissue from a mask of any size, or everywhere', async () => {
    const mask = createRgbImage(1, 4);
    mask.set(0, 1, 2, 255);
    const masked = await openRegionSource(slide, { mpp: 8, tissue: maskFromImage(mask) });
    expect([0, 50, 100, 150].map((x) => masked.hasTissue([x, 10, x + 50, 20]))).toEqual([false, true, false, false]);
    const whole = await openRegionSource(slide, { mpp: 8, tissue: 'everywhere' });
    expect(whole.hasTissue([0, 0, 1, 1])).toBe(true);
  });
});

describe('a region in GeoJSON', () => {
  const slide = createMemorySlide([createRgbImage(100, 200)]);
  const square = (x0: number, y0: number, x1: number, y1: number) => [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]; // prettier-ignore

  it('covers polygons without their holes', () => {
    const geometry = { type: 'Polygon', coordinates: [square(10, 10, 60, 60), square(20, 20, 50, 50)] };
    const mask = maskFromGeoJson({ type: 'FeatureCollection', features: [{ type: 'Feature', geometry }] }, slide);
    const at = (x: number, y: number) => mask.data[y * mask.width + x];
    expect([mask.width, mask.height]).toEqual([200, 100]);
    expect([at(15, 15), at(9, 15), at(35, 35), at(55, 35), at(62, 35)]).toEqual([1, 0, 0, 1, 0]);
  });

  it('covers what is thinner than a cell, and leaves the slide', () => {
    const mask = maskFromGeoJson([{ type: 'MultiPolygon', coordinates: [[square(150.2, 40.1, 400, 40.2)]] }], slide);
    expect(Array.from(mask.data.subarray(40 * 200 + 148, 41 * 200))).toEqual([0, 0, ...Array<number>(50).fill(1)]);
  });

  it('must hold a polygon', () => {
    expect(() => maskFromGeoJson({ type: 'Feature', geometry: { type: 'Point', coordinates: [1, 2] } }, slide)).toThrow(
      'region of memory: expected GeoJSON with polygons, got none',
    );
  });
});
