// MATLAB values as flat lists of lines, as describe_mat.py prints those that SciPy reads.
import { fillSparse, isNumericArray, type MatValue } from '../../src/node.js';

/** Name, type, shape, and numbers or text. */
export type FlatValue = [
  name: string,
  dtype: string,
  shape: readonly number[],
  values: readonly (number | string)[] | null,
];

export function* flatten(name: string, value: MatValue): Generator<FlatValue> {
  if (value.dtype === 'sparse') {
    yield* flatten(name, fillSparse(value));
  } else if (isNumericArray(value)) {
    yield [name, value.dtype, value.shape, Array.from(value.data as ArrayLike<number | bigint>, toPlain)];
  } else if (value.dtype === 'char') {
    yield [name, 'char', value.shape, value.data];
  } else {
    yield [name, value.dtype, value.shape, null];
    if (value.dtype === 'cell') {
      for (const [index, cell] of value.data.entries()) yield* flatten(`${name}/${index}`, cell);
    } else if (value.dtype === 'struct' || value.dtype === 'object') {
      for (const [index, record] of value.data.entries()) {
        const prefix = value.data.length === 1 ? name : `${name}/${index}`;
        for (const [field, content] of record) yield* flatten(`${prefix}/${field}`, content);
      }
    }
  }
}

/** A number as JSON can hold it: infinities and what is beyond 2⁵³ as text. */
function toPlain(value: number | bigint): number | string {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Number.isFinite(value) && Math.abs(value) <= 2 ** 53) return value;
  return Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : value === -Infinity ? '-inf' : String(value);
}
