import { createHoverMaps, createPlanes, createRandom } from '@hovernet/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { segmentNuclei } from '../src/index.js';

const rawMaps = fc
  .record({ height: fc.integer({ min: 1, max: 40 }), width: fc.integer({ min: 1, max: 40 }), seed: fc.nat() })
  .map(({ height, width, seed }) => {
    const random = createRandom(seed);
    const waves = [random.uniform(0.2, 0.6), random.uniform(0.2, 0.6)];
    const wave = (i: number) => Math.sin((i % width) * waves[0]!) + Math.cos(Math.floor(i / width) * waves[1]!);
    const size = height * width;
    const fill = (data: Float32Array<ArrayBuffer>, value: (i: number) => number) => data.map((_, i) => value(i));
    return {
      np: createPlanes(
        2,
        height,
        width,
        fill(new Float32Array(2 * size), (i) => (i < size ? -0.5 : wave(i - size))),
      ),
      hv: createHoverMaps(
        height,
        width,
        fill(new Float32Array(2 * size), (i) => Math.sin(wave(i)) + random.uniform(-0.1, 0.1)),
      ),
      nc: createPlanes(
        4,
        height,
        width,
        fill(new Float32Array(4 * size), () => random.uniform()),
      ),
    };
  });

it('describes every id of the map, contiguous, with tight boxes, means inside them and shares of the area', () => {
  fc.assert(
    fc.property(rawMaps, fc.constantFrom('monai' as const, 'original' as const), (maps, rules) => {
      const { instanceMap, typeMap, nuclei } = segmentNuclei(maps, { rules, sobelKernelSize: 5 });
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
