// One tile of the CoNSeP layout: image, instance map and class map.
import {
  createLabelMap,
  createTypeMap,
  FileError,
  UnsupportedError,
  type LabelMap,
  type RgbImage,
  type TypeMap,
} from '@hovernet/core';
import { toInt32 } from '../integers.js';
import { isNumericArray } from '../mat/mat-value.js';
import { readMat } from '../mat/read-mat.js';
import { fillSparse } from '../mat/sparse.js';
import type { NumericArray } from '../numeric-array.js';
import { readPng } from '../png/png.js';
import type { Tile } from './list-tiles.js';
import { mapTypes } from './map-types.js';
import type { Taxonomy } from './taxonomy.js';

/** An image with its labels, all of one height and width. */
export interface LabelledImage {
  /** `[height, width, 3]`, uint8. */
  readonly image: RgbImage;
  /** `[height, width]`, int32, 0 is background. */
  readonly instanceMap: LabelMap;
  /** `[height, width]`, uint8, class ids of the taxonomy, 0 is background. */
  readonly typeMap: TypeMap;
}

/** Labels as a file holds them, in C order. */
export interface OriginalLabels {
  readonly shape: readonly [height: number, width: number];
  readonly instances: Int32Array;
  /** Original type ids, before any mapping. */
  readonly types: Int32Array;
}

/**
 * Reads a tile and maps its types to the classes of `taxonomy`.
 * @throws FileError if a file is missing or damaged, image and labels differ in size, or a type is not in the taxonomy;
 * UnsupportedError for an image that is no PNG or a label file that is no .mat.
 */
export async function readTile(tile: Tile, taxonomy: Taxonomy): Promise<LabelledImage & { readonly name: string }> {
  if (!tile.imagePath.toLowerCase().endsWith('.png')) {
    throw new UnsupportedError(`${tile.imagePath}: only PNG images are supported; convert it to PNG`);
  }
  const [image, labels] = await Promise.all([readPng(tile.imagePath), readLabels(tile.labelPath)]);
  const [height, width] = labels.shape;
  if (image.shape[0] !== height || image.shape[1] !== width) {
    const size = `${image.shape[1]}×${image.shape[0]}`;
    throw new FileError(
      tile.labelPath,
      `labels are ${width}×${height} (width×height) but ${tile.imagePath} is ${size}`,
    );
  }
  return {
    name: tile.name,
    image,
    instanceMap: createLabelMap(height, width, labels.instances),
    typeMap: createTypeMap(height, width, mapTypes(labels.types, taxonomy, tile.labelPath)),
  };
}

/**
 * Reads `inst_map` and `type_map` of a .mat label file.
 * @throws FileError if one is missing, not a matrix of whole numbers of 0 to 2³¹ − 1, or both differ in size.
 */
export async function readLabels(path: string): Promise<OriginalLabels> {
  if (!path.toLowerCase().endsWith('.mat')) {
    throw new UnsupportedError(`${path}: only .mat labels are supported; save inst_map and type_map in a .mat file`);
  }
  const variables = await readMat(path);
  const matrix = (name: string): NumericArray => {
    const stored = variables.get(name);
    const value = stored?.dtype === 'sparse' ? fillSparse(stored) : stored;
    if (!value || !isNumericArray(value) || value.shape.length !== 2) {
      const found = [...variables.keys()].join(', ') || 'nothing';
      throw new FileError(path, `expected a matrix ${name} [height, width]; the file holds ${found}`);
    }
    return value;
  };
  const instances = matrix('inst_map');
  const types = matrix('type_map');
  const [height, width] = instances.shape as [number, number];
  if (types.shape[0] !== height || types.shape[1] !== width) {
    throw new FileError(
      path,
      `inst_map is [${instances.shape.join(', ')}] but type_map is [${types.shape.join(', ')}]`,
    );
  }
  return {
    shape: [height, width],
    instances: toInt32(instances, path, { name: 'inst_map', min: 0 }),
    types: toInt32(types, path, { name: 'type_map', min: 0 }),
  };
}
