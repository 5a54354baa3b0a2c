import { ArgumentError, createHoverMaps, createPlanes, createTypeMap, ShapeError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { collateBatch, type TrainSample } from '../src/index.js';

const sampleOf = (level: number, types: number[]): TrainSample => ({
  image: createPlanes(3, 2, 2, new Float32Array(12).fill(level)),
  foreground: createTypeMap(
    1,
    2,
    Uint8Array.from(types, (type) => (type > 0 ? 1 : 0)),
  ),
  hover: createHoverMaps(1, 2, Float32Array.from([-level, level, 0, 1])),
  typeMap: createTypeMap(1, 2, Uint8Array.from(types)),
});

describe('collateBatch', () => {
  const samples = [sampleOf(0.25, [0, 2]), sampleOf(0.5, [1, 0])];

  it('lays samples out one after another, channels first', () => {
    const batch = collateBatch(samples, { classes: 3 });
    expect(Array.from(batch.image)).toEqual([...Array(12).fill(0.25), ...Array(12).fill(0.5)]);
    expect(Array.from(batch.np)).toEqual([1, 0, 0, 1, 0, 1, 1, 0]);
    expect(Array.from(batch.hv)).toEqual([-0.25, 0.25, 0, 1, -0.5, 0.5, 0, 1]);
    expect(Array.from(batch.nc!)).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0]);
    expect(batch.shapes).toEqual({ image: [2, 3, 2, 2], np: [2, 2, 1, 2], hv: [2, 2, 1, 2], nc: [2, 3, 1, 2] });
  });

  it('leaves classes out for a network without type branch', () => {
    const batch = collateBatch(samples, { classes: 0 });
    expect('nc' in batch).toBe(false);
    expect('nc' in batch.shapes).toBe(false);
  });

  it('refuses no samples, samples of different sizes and unknown classes', () => {
    expect(() => collateBatch([], { classes: 2 })).toThrow(ArgumentError);
    const other = { ...samples[1]!, image: createPlanes(3, 2, 3) };
    expect(() => collateBatch([samples[0]!, other], { classes: 3 })).toThrow(ShapeError);
    expect(() => collateBatch(samples, { classes: 2 })).toThrow(/got 2 at pixel 1/);
  });
});
