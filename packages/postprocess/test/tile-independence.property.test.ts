import { createRandom, cropView, type Box, type LabelMap, type RawMaps } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentNuclei } from '../src/index.js';
import { labelComponents } from '../src/label-components.js';
import { measureRegions } from '../src/measure-regions.js';
import { thresholdLogits } from '../src/classify-pixels.js';
import { createNoisyRawMaps } from './support/synthetic-maps.js';

const side = 150;
/** Reach of the derivative (10), of the smoothing (4), and one. */
const marginPx = 15;

/** Clusters of ellipses, flatter to the right: the tile on the left has steeper maps than the one on the right. */
function createTissue(seed: number): RawMaps {
  const random = createRandom(seed);
  const ellipses = Array.from({ length: 30 }, () => ({
    x: random.uniform(0, side),
    y: random.uniform(0, side),
    radius: random.uniform(4, 11),
  }));
  const instances = Int32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return 1 + ellipses.findIndex((e) => (x - e.x) ** 2 + (y - e.y) ** 2 <= e.radius ** 2);
  });
  const maps = createNoisyRawMaps({ height: side, width: side, instances, classes: instances.map((id) => id % 5) });
  for (let i = 0; i < maps.hv.data.length; i++) maps.hv.data[i]! *= 1 - 0.6 * ((i % side) / side);
  return maps;
}

function cropMaps({ np, hv, nc }: RawMaps, [x0, y0, x1, y1]: Box): RawMaps {
  const crop = (planes: typeof np) => cropView(planes.transpose(1, 2, 0), [x0, y0, x1, y1]).transpose(2, 0, 1);
  return { np: crop(np), hv: crop(hv), nc: crop(nc!) };
}

/** Labels of the parts of the mask, in the whole, that lie in `crop` with all that their nuclei depend on. */
function listWholeParts(components: LabelMap, [x0, y0, x1, y1]: Box): number[] {
  const parts = measureRegions(components);
  return Array.from(parts.area.keys())
    .filter((label) => parts.area[label]! > 0)
    .filter(
      (label) =>
        (parts.x0[label]! - marginPx >= x0 || x0 === 0) &&
        (parts.y0[label]! - marginPx >= y0 || y0 === 0) &&
        (parts.x1[label]! + marginPx <= x1 || x1 === side) &&
        (parts.y1[label]! + marginPx <= y1 || y1 === side),
    );
}

/** Labels on `pixels` (raster indices in the whole), numbered by their first pixels: which pixels belong together. */
function readPartition(
  map: LabelMap,
  pixels: readonly number[],
  [x0, y0]: readonly [x0: number, y0: number],
): number[] {
  const numbers = new Map<number, number>([[0, 0]]);
  return pixels.map((i) => {
    const label = map.get(Math.floor(i / side) - y0, (i % side) - x0);
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
}

/** How many of the parts that lie whole in the crop are divided otherwise than in the whole image. */
function countChangedParts(maps: RawMaps, crop: Box, normalization: 'tile' | 'fixed') {
  const whole = segmentNuclei(maps, { normalization }).instanceMap;
  const part = segmentNuclei(cropMaps(maps, crop), { normalization }).instanceMap;
  const components = labelComponents(thresholdLogits(maps.np), { minAreaPx: 10 });
  const parts = listWholeParts(components, crop);
  const changed = parts.filter((label) => {
    const pixels = [...components.data.keys()].filter((i) => components.data[i] === label);
    const expected = readPartition(whole, pixels, [0, 0]);
    return expected.join() !== readPartition(part, pixels, [crop[0], crop[1]]).join();
  });
  return { parts: parts.length, changed: changed.length };
}

describe('a nucleus cut out with its surroundings', () => {
  const crops = fc
    .record({
      x0: fc.nat(60),
      y0: fc.nat(60),
      width: fc.integer({ min: 70, max: 90 }),
      height: fc.integer({ min: 70, max: 90 }),
    })
    .map(({ x0, y0, width, height }): Box => [x0, y0, x0 + width, y0 + height]);

  it('keeps its boundary with fixed normalisation, whatever the tile', () => {
    fc.assert(
      fc.property(fc.nat(), crops, (seed, crop) => {
        expect(countChangedParts(createTissue(seed), crop, 'fixed').changed).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('does not keep it with the ranges of the tile', () => {
    const results = [1, 2, 3, 4].map((seed) => countChangedParts(createTissue(seed), [60, 60, 150, 150], 'tile'));
    expect(results.reduce((sum, { parts }) => sum + parts, 0)).toBeGreaterThan(4);
    expect(results.reduce((sum, { changed }) => sum + changed, 0)).toBeGreaterThan(0);
  });
});
