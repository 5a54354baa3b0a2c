// Makers of the domain's arrays, zero-filled or over given elements (not copied). Each throws a ShapeError if a length
// is no integer of at least 0, or if the elements are too few, too many or of another type.
import ndarray, { type NdArray } from 'ndarray';
import { ShapeError } from './errors.js';
import type { HoverMaps, LabelMap, RgbImage, TypeMap } from './maps.js';
import { elementTypeName } from './validate.js';
import type { PixelArray } from './views.js';

/** `[height, width, 3]` over `data` (RGB interleaved), zeros by default. */
export function createRgbImage(height: number, width: number, data?: Uint8Array): RgbImage {
  return wrap('createRgbImage', Uint8Array, data, [height, width, 3]);
}

/** `[height, width]` over `data`, zeros by default. */
export function createLabelMap(height: number, width: number, data?: Int32Array): LabelMap {
  return wrap('createLabelMap', Int32Array, data, [height, width]);
}

/** `[height, width]` over `data`, zeros by default. */
export function createTypeMap(height: number, width: number, data?: Uint8Array): TypeMap {
  return wrap('createTypeMap', Uint8Array, data, [height, width]);
}

/** `[2, height, width]` over `data` (horizontal plane, then vertical), zeros by default. */
export function createHoverMaps(height: number, width: number, data?: Float32Array): HoverMaps {
  return wrap('createHoverMaps', Float32Array, data, [2, height, width]);
}

/** `[channels, height, width]` float32 over `data` (plane after plane), zeros by default. */
export function createPlanes(
  channels: number,
  height: number,
  width: number,
  data?: Float32Array,
): NdArray<Float32Array> {
  return wrap('createPlanes', Float32Array, data, [channels, height, width]);
}

function wrap<T extends PixelArray>(
  operation: string,
  Constructor: new (length: number) => T,
  data: T | undefined,
  shape: number[],
): NdArray<T> {
  if (!shape.every((length) => Number.isInteger(length) && length >= 0)) {
    throw new ShapeError(operation, 'lengths that are integers of at least 0', `[${shape.join(', ')}]`);
  }
  const size = shape.reduce((product, length) => product * length, 1);
  const elements = data ?? new Constructor(size);
  if (!(elements instanceof Constructor) || elements.length !== size) {
    const wanted = `${size} elements of ${elementTypeName(new Constructor(0))} for [${shape.join(', ')}]`;
    throw new ShapeError(`${operation}: data`, wanted, `${elements.length} of ${elementTypeName(elements)}`);
  }
  return ndarray(elements, shape);
}
