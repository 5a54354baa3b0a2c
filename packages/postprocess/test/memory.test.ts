// How many bytes segmentNuclei asks for, none of them given back: more than it can ever hold at once.
import { afterEach, expect, it, vi } from 'vitest';
import { segmentNuclei } from '../src/index.js';
import { createNoisyRawMaps } from './support/synthetic-maps.js';

const constructors = { Uint8Array, Int8Array, Int32Array, Float32Array, Float64Array };

afterEach(() => vi.unstubAllGlobals());

/** Bytes of all typed arrays, without views of others, that are made during `run`. */
function countAllocatedBytes(run: () => void): number {
  let bytes = 0;
  for (const [name, Constructor] of Object.entries(constructors)) {
    const counting = new Proxy(Constructor, {
      construct(target, args: [number]) {
        const array = Reflect.construct(target, args) as Uint8Array;
        if (!((args[0] as unknown) instanceof ArrayBuffer)) bytes += array.byteLength;
        return array;
      },
    });
    vi.stubGlobal(name, counting);
  }
  run();
  return bytes;
}

/** Discs of radius 9 every `stepPx` pixels: they touch below 19. */
function createDiscs(side: number, stepPx: number) {
  const instances = Int32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    const cell = 1 + Math.floor(x / stepPx) + 1000 * Math.floor(y / stepPx);
    return ((x % stepPx) - 9) ** 2 + ((y % stepPx) - 9) ** 2 <= 81 ? cell : 0;
  });
  return createNoisyRawMaps({ height: side, width: side, instances, classes: instances.map((id) => id % 5) });
}

it.each([
  ['apart', { stepPx: 40, limit: 40 }],
  // The masks and slopes of earlier steps are counted, though nothing refers to them any more when it is flooded.
  ['in one connected mass', { stepPx: 18, limit: 60 }],
])('asks for few bytes a pixel for nuclei %s', (_where, { stepPx, limit }) => {
  const side = 800;
  const maps = createDiscs(side, stepPx);
  let nuclei = 0;
  const bytes = countAllocatedBytes(() => (nuclei = segmentNuclei(maps).nuclei.length));
  expect(nuclei).toBeGreaterThan(300);
  expect(bytes / side ** 2).toBeLessThan(limit);
});
