// Reads the NumPy files that fixtures are stored in: C order, little endian, no objects.
import { unzipSync } from 'fflate';

/** Elements of a NumPy array, in C order. */
export type NumpyData = Uint8Array | Int8Array | Int32Array | BigInt64Array | Float32Array | Float64Array | Uint16Array;

export interface NumpyArray {
  readonly data: NumpyData;
  readonly shape: number[];
}

const constructors: Record<string, new (buffer: ArrayBuffer) => NumpyData> = {
  '|u1': Uint8Array,
  '|b1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i4': Int32Array,
  '<i8': BigInt64Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
};

export function readNpy(file: Uint8Array): NumpyArray {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const wide = file[6]! >= 2;
  const headerLength = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + headerLength;
  const header = new TextDecoder('latin1').decode(file.subarray(wide ? 12 : 10, start));
  const descr = /'descr': '([^']+)'/.exec(header)?.[1] ?? '';
  const Constructor = constructors[descr];
  if (!Constructor || header.includes("'fortran_order': True")) throw new Error(`unsupported fixture: ${header}`);
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  return { data: new Constructor(Uint8Array.prototype.slice.call(file, start).buffer as ArrayBuffer), shape };
}

export function readNpz(file: Uint8Array): Record<string, NumpyArray> {
  const arrays = Object.entries(unzipSync(file)).map(([name, bytes]) => [name.replace(/\.npy$/, ''), readNpy(bytes)]);
  return Object.fromEntries(arrays) as Record<string, NumpyArray>;
}
