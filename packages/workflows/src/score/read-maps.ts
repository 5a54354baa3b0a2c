// What scores are computed from: instance maps, and centroids with types.
import { createLabelMap, FileError, type LabelMap } from '@hovernet/core';
import { fillSparse, isNumericArray, readMat, readNpy, toInt32, type NumericArray } from '@hovernet/data';
import type { TypedNucleus } from '@hovernet/metrics';

/** The instance map of a .npy file, or the variable `inst_map` of a .mat file; `[height, width]`. */
export async function readInstanceMap(path: string): Promise<LabelMap> {
  const array = path.endsWith('.npy') ? await readNpy(path) : await readVariable(path, 'inst_map');
  const [height, width] = array.shape as [number, number];
  if (array.shape.length !== 2)
    throw new FileError(path, `expected an instance map [height, width], got [${array.shape.join(', ')}]`);
  return createLabelMap(height, width, toInt32(array, path));
}

/**
 * Nuclei of a .mat file from `inst_centroid`, `[n, 2]` (x, y), and `inst_type`, `[n, 1]`. `typeOf` maps their types.
 * Centroids are rounded to float32 first, as the original does.
 */
export async function readTypedNuclei(path: string, typeOf: (type: number) => number): Promise<TypedNucleus[]> {
  if (!path.endsWith('.mat'))
    throw new FileError(path, 'type scores need inst_centroid and inst_type, which only .mat files hold');
  const centroids = await readVariable(path, 'inst_centroid');
  const types = await readVariable(path, 'inst_type');
  const count = types.data.length;
  if (centroids.data.length !== 2 * count)
    throw new FileError(path, `expected ${count} centroids (x, y), got [${centroids.shape.join(', ')}]`);
  return Array.from({ length: count }, (_, index) => ({
    centroid: [Math.fround(Number(centroids.data[2 * index])), Math.fround(Number(centroids.data[2 * index + 1]))],
    type: typeOf(Number(types.data[index])),
  }));
}

async function readVariable(path: string, name: string): Promise<NumericArray> {
  const variables = await readMat(path);
  const stored = variables.get(name);
  const value = stored?.dtype === 'sparse' ? fillSparse(stored) : stored;
  if (value && isNumericArray(value)) return value;
  throw new FileError(path, `expected the matrix ${name}, got ${[...variables.keys()].join(', ') || 'no variables'}`);
}
