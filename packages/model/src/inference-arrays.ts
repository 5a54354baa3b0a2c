// What an inference program takes, made of a state dict and of an image; and what it gives, as post-processing takes it.
import { createPlanes, ShapeError, type RawMaps } from '@hovernet/core';
import type { HostArray } from '@hovernet/ops';
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

/**
 * Raw maps of one image of a batch, the first by default, from what the program of `createInferenceProgram` gives. The
 * elements are shared.
 * @throws ShapeError unless `np`, `hv` and, where it is there, `nc` are float32 `[batch, channels, height, width]` with such an image
 */
export function toRawMaps(outputs: Readonly<Record<string, HostArray>>, image = 0): RawMaps {
  const [np, hv, nc] = ['np', 'hv', 'nc'].map((name) => outputs[name] && planesOf(name, outputs[name], image));
  if (!np || !hv) throw new ShapeError('toRawMaps', 'outputs np and hv', Object.keys(outputs).join(', ') || 'none');
  return { np, hv, nc };
}

function planesOf(name: string, { data, shape }: HostArray, image: number): RawMaps['np'] {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  if (
    shape.length !== 4 ||
    !(data instanceof Float32Array) ||
    !(Number.isInteger(image) && image >= 0 && image < batch)
  ) {
    const expected = `float32 [batch, channels, height, width] with an image ${image}`;
    throw new ShapeError(`toRawMaps: ${name}`, expected, `${data.constructor.name} [${shape.join(', ')}]`);
  }
  const length = channels * height * width;
  return createPlanes(channels, height, width, data.subarray(image * length, (image + 1) * length));
}
