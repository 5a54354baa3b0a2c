// The two kinds of map that pass between steps, besides those of @hovernet/core, and the memory behind them.
import { ShapeError, elementTypeName, toContiguous } from '@hovernet/core';
import ndarray, { type NdArray } from 'ndarray';

/** `[height, width]`, uint8: 1 inside, 0 outside. */
export type Mask = NdArray<Uint8Array>;

/** `[height, width]`, float32 or float64. */
export type RealMap = NdArray<Float32Array> | NdArray<Float64Array>;

/** `[height, width]`, float64. */
export type Float64Map = NdArray<Float64Array>;

/** Elements of a `RealMap` in C order; its own memory where it is contiguous. */
export function realElements(map: RealMap): Float32Array | Float64Array {
  return toContiguous(map as NdArray<Float32Array>);
}

/** Height and width of a plane. @throws ShapeError unless it has two axes. */
export function planeSize(operation: string, map: { readonly shape: number[] }): [height: number, width: number] {
  if (map.shape.length !== 2) throw new ShapeError(operation, 'a plane [height, width]', `[${map.shape.join(', ')}]`);
  return [map.shape[0]!, map.shape[1]!];
}

/** Throws a ShapeError unless `map` is `[height, width]`. */
export function assertPlane(operation: string, map: { readonly shape: number[] }, height: number, width: number): void {
  const [rows, columns] = planeSize(operation, map);
  if (rows !== height || columns !== width) {
    throw new ShapeError(operation, `[${height}, ${width}]`, `[${map.shape.join(', ')}]`);
  }
}

/** Elements of a mask in C order. @throws ShapeError unless it is `[height, width]` of uint8. */
export function maskElements(operation: string, mask: Mask): Uint8Array {
  if (mask.shape.length !== 2 || !(mask.data instanceof Uint8Array)) {
    const got = `[${mask.shape.join(', ')}] of ${elementTypeName(mask.data)}`;
    throw new ShapeError(operation, 'a mask [height, width] of uint8', got);
  }
  return toContiguous(mask);
}

/** Plane over `data`, which holds height · width elements. */
export function wrapPlane<T extends Uint8Array | Int32Array | Float32Array | Float64Array>(
  data: T,
  height: number,
  width: number,
): NdArray<T> {
  return ndarray(data, [height, width]);
}
