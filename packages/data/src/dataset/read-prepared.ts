// Reading of the arrays that preparations wrote: ids and grey levels stored in wider types than they need.
import { createLabelMap, createRgbImage, createTypeMap, FileError } from '@hovernet/core';
import { join } from 'node:path';
import type { LabelledImage } from '../layout/read-tile.js';
import { readNpy } from '../npy/npy.js';
import type { NumericArray } from '../numeric-array.js';
import { tileFileNames } from '../patches/patch-format.js';

/** Elements as uint8. @throws FileError naming `path` if one is no whole number of 0…255. */
export function toBytes({ data }: NumericArray, path: string): Uint8Array<ArrayBuffer> {
  if (data instanceof Uint8Array) return data as Uint8Array<ArrayBuffer>;
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) {
    const value = Number(data[i]);
    bytes[i] = value;
    if (bytes[i] !== value) throw new FileError(path, `expected whole numbers of 0 to 255, found ${value}`);
  }
  return bytes;
}

/** Elements as int32. @throws FileError naming `path` if one is no whole number or does not fit. */
export function toLabels({ data }: NumericArray, path: string): Int32Array<ArrayBuffer> {
  if (data instanceof Int32Array) return data as Int32Array<ArrayBuffer>;
  const labels = new Int32Array(data.length);
  for (let i = 0; i < labels.length; i++) {
    const value = Number(data[i]);
    labels[i] = value;
    if (labels[i] !== value) throw new FileError(path, `expected whole numbers of 32 bits, found ${value}`);
  }
  return labels;
}

/** Reads `image_NAME.npy`, `[h, w, 3]`, and `label_NAME.npy`, `[h, w, 2]`. @throws FileError if they do not fit. */
export async function readPreparedTile(folder: string, name: string): Promise<LabelledImage> {
  const imagePath = join(folder, tileFileNames(name).image);
  const labelPath = join(folder, tileFileNames(name).label);
  const [image, labels] = await Promise.all([readNpy(imagePath), readNpy(labelPath)]);
  const [height, width] = image.shape as [number, number];
  if (image.shape.length !== 3 || image.shape[2] !== 3) {
    throw new FileError(imagePath, `expected [height, width, 3], got [${image.shape.join(', ')}]`);
  }
  if (labels.shape.join() !== [height, width, 2].join()) {
    throw new FileError(labelPath, `expected [${height}, ${width}, 2], got [${labels.shape.join(', ')}]`);
  }
  const pairs = toLabels(labels, labelPath);
  const instances = new Int32Array(height * width);
  const types = new Uint8Array(height * width);
  for (let i = 0; i < instances.length; i++) {
    instances[i] = pairs[2 * i]!;
    types[i] = pairs[2 * i + 1]!;
    if (types[i] !== pairs[2 * i + 1]) {
      throw new FileError(labelPath, `expected class ids of 0 to 255, found ${pairs[2 * i + 1]}`);
    }
  }
  return {
    image: createRgbImage(height, width, toBytes(image, imagePath)),
    instanceMap: createLabelMap(height, width, instances),
    typeMap: createTypeMap(height, width, types),
  };
}
