// The header of .npy files: a Python dictionary literal (NumPy enhancement proposal 1, format versions 1.0 to 3.0).
import { FileError, UnsupportedError } from '@hovernet/core';
import type { NumericDtype } from '../numeric-array.js';

/** What the header of an .npy file says. */
export interface NpyHeader {
  readonly dtype: NumericDtype;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Offset of the first element in the file. */
  readonly dataOffset: number;
}

const typeCodes: Readonly<Record<string, NumericDtype>> = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
};

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const alignment = 64;
const growthDigits = 21;

/**
 * Parses the header of the .npy file `bytes`; `source` names it in errors.
 * @throws FileError if it is no .npy file or is damaged; UnsupportedError for objects, strings and structures.
 */
export function parseNpyHeader(bytes: Uint8Array, source: string): NpyHeader {
  if (bytes.length < 12 || magic.some((byte, index) => bytes[index] !== byte)) {
    throw new FileError(source, 'not an .npy file (no NUMPY signature); write it with numpy.save');
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw new FileError(source, `unknown .npy version ${version}, expected 1 to 3`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textOffset = version === 1 ? 10 : 12;
  const dataOffset = textOffset + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataOffset > bytes.length) throw new FileError(source, 'truncated within the header; copy or write it again');
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(textOffset, dataOffset));
  return { ...parseDescription(text, source), ...parseLayout(text, source), dataOffset };
}

/** The header that NumPy (1.24 and later) writes for a C-order, little-endian array: version 1.0, the same bytes. */
export function formatNpyHeader(dtype: NumericDtype, shape: readonly number[]): Uint8Array {
  const code = Object.keys(typeCodes).find((key) => typeCodes[key] === dtype)!;
  const order = dtype === 'bool' || dtype === 'int8' || dtype === 'uint8' ? '|' : '<';
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  // NumPy leaves room to let the first axis grow in place.
  const growth = shape.length > 0 ? ' '.repeat(growthDigits - String(shape[0]).length) : '';
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': ${tuple}, }${growth}`;
  const padding = alignment - ((10 + text.length + 1) % alignment);
  const header = new Uint8Array(10 + text.length + padding + 1).fill(0x20);
  header.set([...magic, 1, 0]);
  new DataView(header.buffer).setUint16(8, header.length - 10, true);
  header.set(new TextEncoder().encode(text), 10);
  header[header.length - 1] = 0x0a;
  return header;
}

function parseDescription(text: string, source: string): Pick<NpyHeader, 'dtype' | 'littleEndian'> {
  const description = /'descr'\s*:\s*(?:'([^']*)'|"([^"]*)"|(\[))/.exec(text);
  if (!description) throw new FileError(source, 'damaged .npy header: no descr');
  if (description[3]) throw new UnsupportedError(`${source}: structured arrays are not supported; save each field`);
  const descr = (description[1] ?? description[2])!;
  const dtype = Object.hasOwn(typeCodes, descr.slice(1)) ? typeCodes[descr.slice(1)] : undefined;
  if (!dtype || !'<>|='.includes(descr[0]!)) {
    const what = descr.includes('O') ? 'arrays of Python objects' : `elements of type '${descr}'`;
    throw new UnsupportedError(`${source}: ${what} are not supported; save a numeric array (array.astype)`);
  }
  return { dtype, littleEndian: descr[0] !== '>' };
}

function parseLayout(text: string, source: string): Pick<NpyHeader, 'fortranOrder' | 'shape'> {
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const tuple = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text);
  if (!order || !tuple) throw new FileError(source, 'damaged .npy header: no fortran_order or shape');
  // Python 2 wrote long integers as 10L.
  const shape = (tuple[1]!.match(/\d+/g) ?? []).map(Number);
  return { fortranOrder: order[1] === 'True', shape };
}
