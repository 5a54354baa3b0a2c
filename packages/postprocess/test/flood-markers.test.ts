import fc from 'fast-check';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { floodMarkers } from '../src/flood-markers.js';
import type { Mask } from '../src/planes.js';
import { drawLabels, drawMask, neighboursOf, randomMasks, showMap } from './support/pictures.js';

describe('floodMarkers', () => {
  const full = (height: number, width: number): Mask =>
    drawMask(...Array.from({ length: height }, () => '#'.repeat(width)));
  const landscape = (...rows: number[][]) => ndarray(Float64Array.from(rows.flat()), [rows.length, rows[0]!.length]);

  it('meets on the crest between two valleys', () => {
    const flooded = floodMarkers(landscape([0, 1, 2, 9, 1, 0]), drawLabels('1....2'), full(1, 6));
    expect(showMap(flooded)).toEqual(['111222']);
  });

  it('gives the middle of a plateau to the marker that was queued first', () => {
    expect(showMap(floodMarkers(landscape([0, 0, 0, 0, 0]), drawLabels('2...1'), full(1, 5)))).toEqual(['22211']);
  });

  it('spreads up, left, right, down in turn', () => {
    const flooded = floodMarkers(
      landscape([5, 5, 5], [5, 0, 5], [5, 5, 5]),
      drawLabels('...', '.3.', '...'),
      full(3, 3),
    );
    expect(showMap(flooded)).toEqual(['333', '333', '333']);
  });

  it('leaves parts of the mask without a marker, and markers outside of it', () => {
    const flooded = floodMarkers(landscape([0, 0, 0, 0, 0]), drawLabels('1...2'), drawMask('##.#.'));
    expect(showMap(flooded)).toEqual(['11...']);
  });

  it('does not wrap around the ends of rows', () => {
    const flooded = floodMarkers(landscape([0, 0, 0], [0, 0, 0]), drawLabels('..1', '...'), drawMask('..#', '#..'));
    expect(showMap(flooded)).toEqual(['..1', '...']);
  });

  it('floods as the definition says, with ties by arrival', () => {
    const cases = randomMasks.chain((mask) => {
      const size = mask.data.length;
      const draws = (max: number) => fc.array(fc.nat(max), { minLength: size, maxLength: size });
      return fc.record({ mask: fc.constant(mask), heights: draws(4), seeds: draws(9) });
    });
    fc.assert(
      fc.property(cases, ({ mask, heights, seeds }) => {
        const shape = mask.shape;
        const markers = ndarray(
          Int32Array.from(seeds, (seed, i) => (seed === 0 ? i + 1 : 0)),
          shape,
        );
        const flooded = floodMarkers(ndarray(Float64Array.from(heights), shape), markers, mask);
        expect(flooded.data).toEqual(floodByDefinition(heights, markers.data, mask));
      }),
      { numRuns: 300 },
    );
  });
});

describe('floodMarkers on rings around each other', () => {
  const side = 61;
  const isRing = (i: number) => Math.max(Math.abs((i % side) - 30), Math.abs(Math.floor(i / side) - 30)) % 3 === 0;
  const mask = ndarray(
    Uint8Array.from({ length: side * side }, (_, i) => (isRing(i) ? 1 : 0)),
    [side, side],
  );

  it('floods each of them as the definition says', () => {
    const heights = Array.from(mask.data, (_, i) => Math.abs(((i * 7919) % 23) - 11));
    const markers = ndarray(
      Int32Array.from(heights, (_, i) => (i % 41 === 0 ? 1 + (i % 7) : 0)),
      [side, side],
    );
    const flooded = floodMarkers(ndarray(Float64Array.from(heights), [side, side]), markers, mask);
    expect(flooded.data).toEqual(floodByDefinition(heights, markers.data, mask));
    expect(new Set(flooded.data).size).toBe(8);
  });
});

function floodByDefinition(heights: readonly number[], markers: Int32Array, mask: Mask): Int32Array {
  const [height, width] = mask.shape as [number, number];
  const labels = markers.map((label, i) => (mask.data[i] ? label : 0));
  const queue = [...labels.keys()].filter((i) => labels[i]! > 0);
  while (queue.length > 0) {
    const lowest = Math.min(...queue.map((i) => heights[i]!));
    const [i] = queue.splice(
      queue.findIndex((pixel) => heights[pixel] === lowest),
      1,
    ) as [number];
    for (const next of neighboursOf(i, height, width, 4)) {
      if (mask.data[next] === 0 || labels[next] !== 0) continue;
      labels[next] = labels[i]!;
      queue.push(next);
    }
  }
  return labels;
}
