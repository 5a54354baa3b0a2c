// A class map as one plane per class.
import { ArgumentError, createPlanes, ShapeError, toContiguous, type TypeMap } from '@hovernet/core';
import type { NdArray } from 'ndarray';

/**
 * `[height, width]` uint8 → `[classes, height, width]` float32, 1 in the plane of the pixel's class, else 0.
 *
 * @throws ShapeError unless `map` has rank 2, ArgumentError if it holds a class of `classes` or more.
 */
export function encodeOneHot(map: TypeMap, classes: number): NdArray<Float32Array> {
  if (map.dimension !== 2) throw new ShapeError('encodeOneHot', '[height, width]', `[${map.shape.join(', ')}]`);
  const [height, width] = map.shape as [number, number];
  const planes = createPlanes(classes, height, width);
  writeOneHot(planes.data, 0, map, classes);
  return planes;
}

/** Sets the ones of `map` in `target`, which holds zeros for `[classes, height, width]` from `offset` on. */
export function writeOneHot(target: Float32Array, offset: number, map: TypeMap, classes: number): void {
  const values = toContiguous(map);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= classes) {
      throw new ArgumentError(`encodeOneHot: expected classes 0 to ${classes - 1}, got ${value} at pixel ${i}`);
    }
    target[offset + value * values.length + i] = 1;
  }
}
