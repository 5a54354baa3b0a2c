// Reading of whole tiles that preparations wrote.
import { join } from 'node:path';
import { createLabelMap, createRgbImage, createTypeMap, FileError, type LabelledImage } from '@hovernet/core';
import { toInt32, toUint8 } from '@hovernet/files/internal';
import { readNpy } from '@hovernet/files/node';
import { readNpz } from '@hovernet/files/node';
import type { NumericArray } from '@hovernet/files';
import { tileArchiveName, tileFileNames } from '../patches/patch-format.js';

/** Reads `image_NAME.npy`, `[h, w, 3]`, and `label_NAME.npy`, `[h, w, 2]`. @throws FileError if they do not fit. */
export async function readTileArrays(folder: string, name: string): Promise<LabelledImage> {
  const imagePath = join(folder, tileFileNames(name).image);
  const labelPath = join(folder, tileFileNames(name).label);
  const [image, label] = await Promise.all([readNpy(imagePath), readNpy(labelPath)]);
  return toLabelledImage({ array: image, path: imagePath }, { array: label, path: labelPath });
}

/** Reads `image` and `label` of `tile_NAME.npz`, shaped as those of {@link readTileArrays}, with the same errors. */
export async function readTileArchive(folder: string, name: string): Promise<LabelledImage> {
  const path = join(folder, tileArchiveName(name));
  const arrays = await readNpz(path);
  const find = (part: string): StoredArray => {
    const array = arrays.get(part);
    if (!array) throw new FileError(path, `expected arrays image and label, got ${[...arrays.keys()].join(', ')}`);
    return { array, path };
  };
  return toLabelledImage(find('image'), find('label'));
}

interface StoredArray {
  readonly array: NumericArray;
  readonly path: string;
}

function toLabelledImage(image: StoredArray, label: StoredArray): LabelledImage {
  const [height, width] = image.array.shape as [number, number];
  if (image.array.shape.length !== 3 || image.array.shape[2] !== 3) {
    throw new FileError(image.path, `expected an image [height, width, 3], got [${image.array.shape.join(', ')}]`);
  }
  if (label.array.shape.join() !== [height, width, 2].join()) {
    const shape = label.array.shape.join(', ');
    throw new FileError(label.path, `expected labels [${height}, ${width}, 2], got [${shape}]`);
  }
  const pairs = toInt32(label.array, label.path);
  const instances = new Int32Array(height * width);
  const types = new Uint8Array(height * width);
  for (let i = 0; i < instances.length; i++) {
    instances[i] = pairs[2 * i]!;
    types[i] = pairs[2 * i + 1]!;
    if (types[i] !== pairs[2 * i + 1]) {
      throw new FileError(label.path, `expected class ids of 0 to 255, found ${pairs[2 * i + 1]}`);
    }
  }
  return {
    image: createRgbImage(height, width, toUint8(image.array, image.path)),
    instanceMap: createLabelMap(height, width, instances),
    typeMap: createTypeMap(height, width, types),
  };
}
