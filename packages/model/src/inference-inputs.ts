// What an inference program takes, made of a state dict and of an image.
import { ShapeError } from '@hovernet/core';
import type { StateDict } from './state-dict.js';

/** Pixels as decoders give them: `ImageData` of a canvas, `PNG` of pngjs, raw buffers. */
export interface InterleavedImage {
  readonly width: number;
  readonly height: number;
  /** Row by row, 3 (RGB) or 4 (RGBA) values for each pixel, 0…255. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Every float tensor by name, for `constants` of an engine's `compile`. The arrays are shared. */
export function toConstants(state: StateDict): Map<string, Float32Array> {
  const constants = new Map<string, Float32Array>();
  for (const [name, array] of state) if (array.dtype === 'float32') constants.set(name, array.data);
  return constants;
}

/**
 * The input `image` of `createInferenceProgram` for one image: planes `[3, height, width]`, x / 255 in 0…1. Alpha is left
 * out, not blended.
 * @throws ShapeError unless there are 3 or 4 values for each pixel
 */
export function toImageInput({ width, height, data }: InterleavedImage): Float32Array {
  const area = width * height;
  const channels = data.length / area;
  if (channels !== 3 && channels !== 4) {
    throw new ShapeError(
      'toImageInput: data',
      `3 or 4 values for each of ${width} × ${height} pixels`,
      `${data.length}`,
    );
  }
  const planes = new Float32Array(3 * area);
  for (let pixel = 0, from = 0; pixel < area; pixel++, from += channels) {
    planes[pixel] = data[from]! / 255;
    planes[area + pixel] = data[from + 1]! / 255;
    planes[2 * area + pixel] = data[from + 2]! / 255;
  }
  return planes;
}
