// Nuclei of label maps and of the original hover_net's MATLAB files.
import { createLabelMap, createNucleusTable, FileError, type LabelMap, type NucleusClass } from '@hovernet/core';
import { isNumericArray, type MatValue, type NumericArray } from '@hovernet/files';
import { describeNuclei } from '@hovernet/postprocess';
import type { NucleiFile } from './nuclei-file.js';
import { nameTypes } from './number-classes.js';

export interface LabelTypes {
  readonly type: number;
  readonly probability: number;
}

/** A label map as a file of nuclei, with types by id where they are known. */
export function describeLabels(
  labels: LabelMap,
  types: ReadonlyMap<number, LabelTypes> | null,
  known?: readonly NucleusClass[],
): NucleiFile {
  const [height, width] = labels.shape as [number, number];
  const nuclei = describeNuclei(labels).map((nucleus) => {
    const given = types?.get(nucleus.id);
    return types ? { ...nucleus, type: given?.type ?? 0, typeProbability: given?.probability ?? 1 } : nucleus;
  });
  const most = nuclei.reduce((greatest, { type }) => Math.max(greatest, type ?? 0), 0);
  return {
    image: { width, height, mpp: null },
    classes: known ?? nameTypes(most),
    isTyped: types !== null,
    table: createNucleusTable(nuclei, { isTyped: types !== null }),
    labels,
  };
}

/**
 * Nuclei of the variables of a MATLAB file: inst_map, and inst_uid with inst_type (and inst_type_prob) where there are types; without
 * inst_uid, types belong to the ids in ascending order, as in CoNSeP.
 * @throws FileError if inst_map is missing or no matrix.
 */
export function parseMat(
  variables: ReadonlyMap<string, MatValue>,
  {
    path = 'MAT file',
    classes,
  }: { readonly path?: string; readonly classes?: readonly NucleusClass[] | undefined } = {},
): NucleiFile {
  const take = (name: string): NumericArray | null => {
    const value = variables.get(name);
    return value && isNumericArray(value) ? value : null;
  };
  const map = take('inst_map');
  if (map?.shape.length !== 2) throw new FileError(path, 'expected a matrix inst_map');
  const [height, width] = map.shape as [number, number];
  const labels = createLabelMap(height, width, Int32Array.from(map.data as Float64Array, Number));
  const types = take('inst_type');
  if (!types) return describeLabels(labels, null, classes);
  const numbers = (array: NumericArray | null) => (array ? Array.from(array.data as Float64Array, Number) : null);
  const ids = numbers(take('inst_uid')) ?? [...new Set(labels.data)].filter((id) => id !== 0).sort((a, b) => a - b);
  const probabilities = numbers(take('inst_type_prob'));
  const typeOf = new Map(
    numbers(types)!.map((type, index) => [ids[index]!, { type, probability: probabilities?.[index] ?? 1 }]),
  );
  return describeLabels(labels, typeOf, classes);
}
