// Labels in .mat files: maps of instances and types (CoNSeP), or a map of instances and the class of each (Lizard).
import { FileError, UnsupportedError } from '@hovernet/core';
import { toInt32 } from '@hovernet/files/internal';
import { isNumericArray, type MatValue } from '@hovernet/files';
import { readMat } from '@hovernet/files/node';
import { fillSparse } from '@hovernet/files';
import type { NumericArray } from '@hovernet/files';
import type { OriginalLabels } from './source-tile.js';

/**
 * Reads the labels of a .mat file: `inst_map` with `type_map`, or with `class` and `id`, the class of each nucleus and its
 * number in the map.
 * @throws FileError if one is missing, not whole numbers of 0 to 2³¹ − 1, or they do not fit together; UnsupportedError for
 * other files.
 */
export async function readLabels(path: string): Promise<OriginalLabels> {
  if (!path.toLowerCase().endsWith('.mat')) {
    throw new UnsupportedError(`${path}: only .mat labels are supported; save inst_map and type_map in a .mat file`);
  }
  const variables = await readMat(path);
  const matrix = findMatrix(variables, 'inst_map', path);
  const [height, width] = matrix.shape as [number, number];
  const instanceMap = toInt32(matrix, path, { name: 'inst_map', min: 0 });
  const byNucleus = !variables.has('type_map') && variables.has('class');
  const typeMap = byNucleus ? paintClasses(instanceMap, variables, path) : readTypes(variables, matrix, path);
  return { shape: [height, width], instanceMap, typeMap };
}

function readTypes(variables: ReadonlyMap<string, MatValue>, { shape }: NumericArray, path: string): Int32Array {
  const types = findMatrix(variables, 'type_map', path);
  if (types.shape.join() !== shape.join()) {
    throw new FileError(path, `inst_map is [${shape.join(', ')}] but type_map is [${types.shape.join(', ')}]`);
  }
  return toInt32(types, path, { name: 'type_map', min: 0 });
}

/** The class of every pixel's nucleus. */
function paintClasses(instanceMap: Int32Array, variables: ReadonlyMap<string, MatValue>, path: string): Int32Array {
  const classes = toInt32(findMatrix(variables, 'class', path), path, { name: 'class', min: 0 });
  const ids = toInt32(findMatrix(variables, 'id', path), path, { name: 'id', min: 0 });
  if (ids.length !== classes.length) throw new FileError(path, `${ids.length} ids but ${classes.length} classes`);
  const classOf = new Map([[0, 0]]);
  for (let at = 0; at < ids.length; at++) classOf.set(ids[at]!, classes[at]!);
  const typeMap = new Int32Array(instanceMap.length);
  let lastId = 0;
  let lastClass = 0;
  for (let i = 0; i < instanceMap.length; i++) {
    const id = instanceMap[i]!;
    if (id !== lastId) {
      const known = classOf.get(id);
      if (known === undefined) throw new FileError(path, `nucleus ${id} of inst_map is not in id; it has no class`);
      lastId = id;
      lastClass = known;
    }
    typeMap[i] = lastClass;
  }
  return typeMap;
}

function findMatrix(variables: ReadonlyMap<string, MatValue>, name: string, path: string): NumericArray {
  const stored = variables.get(name);
  const value = stored?.dtype === 'sparse' ? fillSparse(stored) : stored;
  if (!value || !isNumericArray(value) || value.shape.length !== 2) {
    const found = [...variables.keys()].join(', ') || 'nothing';
    const shape = name.endsWith('_map') ? '[height, width]' : '[nuclei, 1]';
    throw new FileError(path, `expected a matrix ${name} ${shape}; the file holds ${found}`);
  }
  return value;
}
