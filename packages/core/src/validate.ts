// Checks at the public edges of packages: each throws a ShapeError that says what was expected and what came.
import type { NdArray } from 'ndarray';
import { ShapeError } from './errors.js';
import type { RawMaps } from './maps.js';
import type { PixelArray } from './views.js';

/** Element type of an array as errors name it: `uint8`, `float32`, …; `number` of an untyped array. */
export function elementTypeName(data: ArrayLike<number>): string {
  return data.constructor.name.replace(/Array$/, '').toLowerCase() || 'number';
}

/** Throws unless `image` is `[height, width, 3]` uint8. `operation` opens the message. */
export function assertRgbImage(operation: string, image: NdArray<PixelArray>): void {
  if (image.dimension !== 3 || image.shape[2] !== 3 || !(image.data instanceof Uint8Array)) {
    throw new ShapeError(operation, 'an RGB image [height, width, 3] of uint8', describeArray(image));
  }
}

/** Throws unless `map` is `[height, width]` int32. */
export function assertLabelMap(operation: string, map: NdArray<PixelArray>): void {
  if (map.dimension !== 2 || !(map.data instanceof Int32Array)) {
    throw new ShapeError(operation, 'a label map [height, width] of int32', describeArray(map));
  }
}

/** Throws unless both arrays have the same height and width (their first two axes). */
export function assertSameSize(operation: string, first: NdArray<PixelArray>, second: NdArray<PixelArray>): void {
  if (first.shape[0] !== second.shape[0] || first.shape[1] !== second.shape[1]) {
    throw new ShapeError(operation, `height × width ${first.shape.slice(0, 2).join(' × ')}`, describeArray(second));
  }
}

/** Throws unless np is [2, h, w], hv [2, h, w] and nc (where present) [≥ 2, h, w], all float32. */
export function assertRawMaps(operation: string, maps: RawMaps): void {
  const [, height = 'height', width = 'width'] = maps.np.shape;
  const check = (name: string, array: NdArray<PixelArray>, channels: (count: number) => boolean, wanted: string) => {
    const fits = array.dimension === 3 && channels(array.shape[0]!) && array.data instanceof Float32Array;
    if (!fits || array.shape[1] !== height || array.shape[2] !== width) {
      throw new ShapeError(
        `${operation}: ${name}`,
        `[${wanted}, ${height}, ${width}] of float32`,
        describeArray(array),
      );
    }
  };
  check('np', maps.np, (count) => count === 2, '2');
  check('hv', maps.hv, (count) => count === 2, '2');
  if (maps.nc) check('nc', maps.nc, (count) => count >= 2, 'classes ≥ 2');
}

function describeArray(array: NdArray<PixelArray>): string {
  return `[${array.shape.join(', ')}] of ${elementTypeName(array.data)}`;
}

/** Whether no element is NaN or infinite. */
export function areFinite(values: Float32Array): boolean {
  // x · 0 is NaN of NaN and infinities. Four sums, because each addition waits for the one before.
  const even = values.length - (values.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < even; i += 4) {
    a += values[i]! * 0;
    b += values[i + 1]! * 0;
    c += values[i + 2]! * 0;
    d += values[i + 3]! * 0;
  }
  for (let i = even; i < values.length; i++) a += values[i]! * 0;
  return a + b + c + d === 0;
}
