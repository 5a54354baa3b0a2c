import { copyArray, flipView } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { computeHoverMaps } from '../src/index.js';
import { labelMaps } from './maps.js';

/** The definition, one nucleus at a time. */
function defineMaps(ids: Int32Array, width: number): Float32Array {
  const maps = new Float32Array(2 * ids.length);
  for (const id of new Set(ids)) {
    if (id === 0) continue;
    const pixels = Array.from(ids.keys()).filter((pixel) => ids[pixel] === id);
    [(pixel: number) => pixel % width, (pixel: number) => Math.floor(pixel / width)].forEach((coordinate, channel) => {
      const values = pixels.map(coordinate);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const distances = values.map((value) => value - mean);
      const [least, most] = [Math.min(...distances), Math.max(...distances)];
      distances.forEach((distance, index) => {
        const scaled = distance < 0 ? distance / -least : distance > 0 ? distance / most : 0;
        maps[channel * ids.length + pixels[index]!] = scaled;
      });
    });
  }
  return maps;
}

it('equals the definition bit for bit', () => {
  fc.assert(
    fc.property(labelMaps, (map) => {
      expect(computeHoverMaps(map).data).toEqual(defineMaps(map.data, map.shape[1]!));
    }),
  );
});

it('changes sign along a mirrored axis only', () => {
  fc.assert(
    fc.property(labelMaps, (map) => {
      const maps = computeHoverMaps(map);
      const mirrored = computeHoverMaps(flipView(map, 1));
      const expected = copyArray(maps.step(1, 1, -1)).data;
      for (let i = 0; i < map.size; i++) expected[i]! *= -1;
      // The mean of mirrored coordinates rounds differently.
      expect(maxDifference(mirrored.data, expected).value).toBeLessThan(1e-6);
    }),
  );
});
