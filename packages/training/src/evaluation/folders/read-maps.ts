// What scores are computed from: instance maps, with types where there are any, and centroids with types.
import { createLabelMap, FileError, type LabelMap } from '@hovernet/core';
import { fillSparse, isNumericArray, type MatValue, type NumericArray } from '@hovernet/files';
import { toInt32 } from '@hovernet/files/internal';
import { readMat, readNpy } from '@hovernet/files/node';
import type { TypedNucleus } from '@hovernet/metrics';

/** An instance map and what its file, or that beside it, says of types. */
export interface StoredInstances {
  readonly instanceMap: LabelMap;
  /** `type_map` of the .mat file or `NAME_type_map.npy`: the type of each pixel, `[height, width]`. */
  readonly typeMap?: NumericArray | undefined;
  /** `inst_type` of the .mat file: the type of each instance, in the order of `ids`, of ascending ids without them. */
  readonly types?: NumericArray | undefined;
  /** `inst_uid` of the .mat file. */
  readonly ids?: NumericArray | undefined;
}

/** The instance map of a .npy file, or the variable `inst_map` of a .mat file; `[height, width]`. */
export async function readInstances(path: string): Promise<StoredInstances> {
  if (path.endsWith('.npy')) {
    const typePath = path.replace(/(_instance_map)?\.npy$/, '_type_map.npy');
    return { instanceMap: toInstanceMap(await readNpy(path), path), typeMap: await readIfPresent(typePath) };
  }
  const variables = await readMat(path);
  return {
    instanceMap: toInstanceMap(takeVariable(variables, 'inst_map', path), path),
    typeMap: findNumbers(variables, 'type_map'),
    types: findNumbers(variables, 'inst_type'),
    ids: findNumbers(variables, 'inst_uid'),
  };
}

/**
 * Nuclei of a .mat file from `inst_centroid`, `[n, 2]` (x, y), and `inst_type`, `[n, 1]`. `typeOf` maps their types.
 * Centroids are rounded to float32 first, as the original does.
 */
export async function readTypedNuclei(path: string, typeOf: (type: number) => number): Promise<TypedNucleus[]> {
  if (!path.endsWith('.mat'))
    throw new FileError(path, 'type scores need inst_centroid and inst_type, which only .mat files hold');
  const variables = await readMat(path);
  const centroids = takeVariable(variables, 'inst_centroid', path);
  const types = takeVariable(variables, 'inst_type', path);
  const count = types.data.length;
  if (centroids.data.length !== 2 * count)
    throw new FileError(path, `expected ${count} centroids (x, y), got [${centroids.shape.join(', ')}]`);
  return Array.from({ length: count }, (_, index) => ({
    centroid: [Math.fround(Number(centroids.data[2 * index])), Math.fround(Number(centroids.data[2 * index + 1]))],
    type: typeOf(Number(types.data[index])),
  }));
}

function toInstanceMap(array: NumericArray, path: string): LabelMap {
  const [height, width] = array.shape as [number, number];
  if (array.shape.length !== 2)
    throw new FileError(path, `expected an instance map [height, width], got [${array.shape.join(', ')}]`);
  return createLabelMap(height, width, toInt32(array, path));
}

async function readIfPresent(path: string): Promise<NumericArray | undefined> {
  try {
    return await readNpy(path);
  } catch (error) {
    if (error instanceof FileError && error.code === 'MISSING_FILE') return undefined;
    throw error;
  }
}

type Variables = ReadonlyMap<string, MatValue>;

function findNumbers(variables: Variables, name: string): NumericArray | undefined {
  const stored = variables.get(name);
  const value = stored?.dtype === 'sparse' ? fillSparse(stored) : stored;
  return value && isNumericArray(value) ? value : undefined;
}

function takeVariable(variables: Variables, name: string, path: string): NumericArray {
  const value = findNumbers(variables, name);
  if (value) return value;
  throw new FileError(path, `expected the matrix ${name}, got ${[...variables.keys()].join(', ') || 'no variables'}`);
}
