import fc from 'fast-check';
import { expect, it } from 'vitest';
import { relabelInstances } from '../src/index.js';
import { labelMaps } from './maps.js';

/** Flood fill pixel by pixel, the definition. */
function floodFill(ids: Int32Array, height: number, width: number, connectivity: 4 | 8): number[] {
  const output = new Array<number>(ids.length).fill(0);
  let count = 0;
  for (let first = 0; first < ids.length; first++) {
    if (ids[first] === 0 || output[first] !== 0) continue;
    count++;
    const stack = [first];
    output[first] = count;
    while (stack.length > 0) {
      const pixel = stack.pop()!;
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
          const [y, x] = [row + dy, column + dx];
          const next = y * width + x;
          if (y < 0 || x < 0 || y >= height || x >= width || ids[next] !== ids[first] || output[next] !== 0) continue;
          output[next] = count;
          stack.push(next);
        }
      }
    }
  }
  return output;
}

it.each([4, 8] as const)('labels as flood filling does, %i neighbours', (connectivity) => {
  fc.assert(
    fc.property(labelMaps, (map) => {
      const [height, width] = map.shape as [number, number];
      const expected = floodFill(map.data, height, width, connectivity);
      expect(Array.from(relabelInstances(map, { connectivity }).data)).toEqual(expected);
    }),
  );
});

it('changes nothing the second time', () => {
  fc.assert(
    fc.property(labelMaps, (map) => {
      const once = relabelInstances(map);
      expect(relabelInstances(once).data).toEqual(once.data);
    }),
  );
});
