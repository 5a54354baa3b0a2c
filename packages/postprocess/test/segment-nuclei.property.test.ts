import { createRandom } from '@hovernet/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { segmentNuclei } from '../src/index.js';
import { createNoisyRawMaps } from './support/synthetic-maps.js';

/** Ellipses in cells of 20 pixels, so that some touch and some are cut by the edge. */
const rawMaps = fc
  .record({ height: fc.integer({ min: 1, max: 60 }), width: fc.integer({ min: 15, max: 60 }), seed: fc.nat() })
  .map(({ height, width, seed }) => {
    const random = createRandom(seed);
    const columns = Math.ceil(width / 20);
    const ellipses = Array.from({ length: columns * Math.ceil(height / 20) }, (_, cell) => ({
      x: 20 * (cell % columns) + random.uniform(6, 14),
      y: 20 * Math.floor(cell / columns) + random.uniform(6, 14),
      radiusX: random.uniform(5, 14),
      radiusY: random.uniform(5, 14),
    }));
    const instances = Int32Array.from({ length: height * width }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return 1 + ellipses.findIndex((e) => ((x - e.x) / e.radiusX) ** 2 + ((y - e.y) / e.radiusY) ** 2 <= 1);
    });
    return createNoisyRawMaps({ height, width, instances, classes: instances.map((id) => id % 5) });
  });

it('describes every id of the map, contiguous, with tight boxes, means inside them and shares of the area', () => {
  fc.assert(
    fc.property(rawMaps, fc.constantFrom('monai' as const, 'hover_net' as const), (maps, reference) => {
      const { instanceMap, typeMap, nuclei } = segmentNuclei(maps, { reference });
      const width = instanceMap.shape[1]!;
      const ids = [...new Set(instanceMap.data)].filter((id) => id > 0).sort((a, b) => a - b);
      expect(nuclei.map(({ id }) => id)).toEqual(ids);
      expect(ids).toEqual(ids.map((_, index) => index + 1));
      for (const { id, box, centroid, contour, type, typeProbability } of nuclei) {
        const pixels = [...instanceMap.data.keys()].filter((i) => instanceMap.data[i] === id);
        const xs = pixels.map((i) => i % width);
        const ys = pixels.map((i) => Math.floor(i / width));
        expect(box).toEqual([Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1]);
        expect(centroid[0]).toBeCloseTo(xs.reduce((a, b) => a + b) / xs.length, 10);
        expect(contour[0]).toEqual([xs[0], ys[0]]);
        expect(contour.every(([x, y]) => instanceMap.get(y, x) === id)).toBe(true);
        expect(pixels.every((i) => typeMap!.data[i] === type)).toBe(true);
        expect(typeProbability).toBeGreaterThan(0);
        expect(typeProbability).toBeLessThanOrEqual(1);
      }
    }),
  );
});
