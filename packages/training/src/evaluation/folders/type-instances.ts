// The type of each stored instance.
import { chooseType, measureRegions } from '@hovernet/postprocess/internal';
import { createTypeMap } from '@hovernet/core';
import type { TypedInstances } from '@hovernet/metrics';
import { compactLabels } from '@hovernet/postprocess';
import type { StoredInstances } from './read-maps.js';

/**
 * The instances with their types, ids 1…n in the order of the stored ones; a sentence that says what is missing where they
 * have none. A type map is asked before a list of types; of it, an instance has its most frequent type, as in post-processing.
 * Instances that a list with ids leaves out have type 0. `typeOf` maps what is stored.
 */
export function typeInstances(
  { instanceMap, typeMap, types, ids }: StoredInstances,
  typeOf: (type: number) => number = (type) => type,
): TypedInstances | string {
  const compact = compactLabels(instanceMap);
  const [height, width] = compact.shape as [number, number];
  if (typeMap) {
    if (typeMap.shape.join() !== compact.shape.join())
      return `its type map has the shape [${typeMap.shape.join(', ')}], expected [${height}, ${width}]`;
    const classes = Uint8Array.from(typeMap.data as Int32Array, (type) => typeOf(Number(type)));
    const stray = (typeMap.data as Int32Array).find((type, at) => typeOf(Number(type)) !== classes[at]);
    if (stray !== undefined) return `its type map holds ${stray}, expected types of 0 to 255`;
    const {
      maxLabel,
      classCount,
      classes: count,
    } = measureRegions(compact, {
      classMap: createTypeMap(height, width, classes),
    });
    return number(compact, maxLabel, (id) => chooseType(classCount.subarray(id * count, (id + 1) * count)).type);
  }
  if (!types) return 'neither its file nor one beside it holds types';
  const labels = [...new Set(instanceMap.data)].filter((id) => id > 0).sort((a, b) => a - b);
  const listed = ids ? Array.from(ids.data, Number) : labels;
  if (listed.length !== types.data.length)
    return `it holds ${types.data.length} types (inst_type) for ${listed.length} instances`;
  const byLabel = new Map(listed.map((label, index) => [label, typeOf(Number(types.data[index]))]));
  return number(compact, labels.length, (id) => byLabel.get(labels[id - 1]!) ?? 0);
}

function number(
  instanceMap: TypedInstances['instanceMap'],
  count: number,
  typeOf: (id: number) => number,
): TypedInstances {
  const nuclei = Array.from({ length: count }, (_, index) => ({ id: index + 1, type: typeOf(index + 1) }));
  return { instanceMap, nuclei };
}
