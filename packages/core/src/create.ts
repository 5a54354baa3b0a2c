// Makers of the domain's arrays, zero-filled or over given elements.
import ndarray, { type NdArray } from 'ndarray';
import { ShapeError } from './errors.js';
import type { HoverMaps, LabelMap, RgbImage, TypeMap } from './maps.js';
import type { PixelArray } from './views.js';

/** `[height, width, 3]` over `data` (RGB interleaved), zeros by default. */
export function createRgbImage(
  height: number,
  width: number,
  data: Uint8Array = new Uint8Array(height * width * 3),
): RgbImage {
  return wrap('createRgbImage', data, [height, width, 3]);
}

/** `[height, width]` over `data`, zeros by default. */
export function createLabelMap(
  height: number,
  width: number,
  data: Int32Array = new Int32Array(height * width),
): LabelMap {
  return wrap('createLabelMap', data, [height, width]);
}

/** `[height, width]` over `data`, zeros by default. */
export function createTypeMap(
  height: number,
  width: number,
  data: Uint8Array = new Uint8Array(height * width),
): TypeMap {
  return wrap('createTypeMap', data, [height, width]);
}

/** `[2, height, width]` over `data` (horizontal plane, then vertical), zeros by default. */
export function createHoverMaps(
  height: number,
  width: number,
  data: Float32Array = new Float32Array(2 * height * width),
): HoverMaps {
  return wrap('createHoverMaps', data, [2, height, width]);
}

/** `[channels, height, width]` float32 over `data` (plane after plane), zeros by default. */
export function createPlanes(
  channels: number,
  height: number,
  width: number,
  data: Float32Array = new Float32Array(channels * height * width),
): NdArray<Float32Array> {
  return wrap('createPlanes', data, [channels, height, width]);
}

function wrap<T extends PixelArray>(operation: string, data: T, shape: number[]): NdArray<T> {
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size) {
    throw new ShapeError(`${operation}: data`, `${size} elements for [${shape.join(', ')}]`, `${data.length}`);
  }
  return ndarray(data, shape);
}
