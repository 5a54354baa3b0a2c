// Raw maps as files: np, hv, nc in an .npz.
import { createPlanes, FileError, type RawMaps } from '@hovernet/core';
import { type NumericArray } from '@hovernet/files';
import { readNpz } from '@hovernet/files/node';

/**
 * Reads `np` `[2, height, width]`, `hv` `[2, height, width]` and, where it is there, `nc` `[classes, height, width]` as
 * float32 from the .npz at `path`. Throws FileError naming the array that is missing or misshapen.
 */
export async function readRawMaps(path: string): Promise<RawMaps> {
  const arrays = await readNpz(path);
  const read = (name: string): NumericArray => {
    const array = arrays.get(name);
    if (!array)
      throw new FileError(path, `expected arrays np, hv and nc, got ${[...arrays.keys()].join(', ') || 'none'}`);
    return array;
  };
  const np = toPlanes(read('np'), path, 'np');
  const hv = toPlanes(read('hv'), path, 'hv');
  return arrays.has('nc') ? { np, hv, nc: toPlanes(read('nc'), path, 'nc') } : { np, hv };
}

function toPlanes({ data, shape, dtype }: NumericArray, path: string, name: string) {
  if (shape.length !== 3 || !dtype.startsWith('float'))
    throw new FileError(path, `${name}: expected float [channels, height, width], got ${dtype} [${shape.join(', ')}]`);
  const [channels, height, width] = shape as [number, number, number];
  const values = data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
  return createPlanes(channels, height, width, values as Float32Array<ArrayBuffer>);
}
