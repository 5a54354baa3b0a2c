// Types of HDF5 as h5wasm describes them, and which of them are numbers.
import type { Metadata } from 'h5wasm/node';
import type { NumericDtype } from '../../numeric-array.js';

/** Classes of types, by their numbers. */
export const hdf5Classes = { integer: 0, float: 1, string: 3, compound: 6, reference: 7, enumeration: 8, lists: 9 };

/** The element type that holds numbers of this type; undefined where there is none. h5py stores bool as an enumeration. */
export function numericDtype({ type, size, signed, enum_type: enumeration }: Metadata): NumericDtype | undefined {
  if (type === hdf5Classes.float) return ({ 2: 'float16', 4: 'float32', 8: 'float64' } as const)[size];
  if (type === hdf5Classes.enumeration && 'TRUE' in (enumeration?.members ?? {}) && size === 1) return 'bool';
  if (type !== hdf5Classes.integer || ![1, 2, 4, 8].includes(size)) return undefined;
  return `${signed ? '' : 'u'}int${(8 * size) as 8 | 16 | 32 | 64}`;
}
