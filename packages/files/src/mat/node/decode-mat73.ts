// MAT v7.3 files: HDF5 with MATLAB's conventions. Attributes say the class, cells and structure arrays are references,
// axes are in reverse order, so that elements lie in column-major order.
import { FileError } from '@hovernet/core';
import type { CompoundMember, Metadata } from 'h5wasm/node';
import type { ReadLimits } from '../../memory-budget.js';
import { toRowMajor } from '../../memory-order.js';
import { countElements, createData, decodeElements, type NumericData, type NumericDtype } from '../../numeric-array.js';
import type { Hdf5Attribute, Hdf5File } from './hdf5-file.js';
import { withHdf5File } from './hdf5-library.js';
import { hdf5Classes, numericDtype } from './hdf5-types.js';
import {
  createNumeric,
  createText,
  isNumericArray,
  joinParts,
  type MatRecord,
  type MatValue,
  type StoredNumbers,
} from '../mat-value.js';
import { createSparse, type MatSparse } from '../sparse.js';

const maxDepth = 64;
const maxEmptyRecords = 2 ** 16;
/** What a value takes in memory beside its elements, about. */
const valueBytes = 200;
const numericClasses: Readonly<Record<string, NumericDtype>> = {
  double: 'float64',
  single: 'float32',
  int8: 'int8',
  uint8: 'uint8',
  int16: 'int16',
  uint16: 'uint16',
  int32: 'int32',
  uint32: 'uint32',
  int64: 'int64',
  uint64: 'uint64',
  logical: 'bool',
  'canonical empty': 'float64',
};

interface Context {
  readonly file: Hdf5File;
  /** Cells and structures that were reached by a reference: in whole files each is reached once. */
  readonly reached: Set<string>;
}

interface Node {
  readonly path: string;
  readonly depth: number;
  /** Attributes without their prefix `MATLAB_`. */
  readonly attributes: ReadonlyMap<string, Hdf5Attribute | undefined>;
  readonly className: string | undefined;
}

/** The variables of the MAT v7.3 file at `path` by name, in alphabetical order. */
export function readMat73(path: string, limits: ReadLimits): Promise<Map<string, MatValue>> {
  return withHdf5File(path, limits, (file) => {
    const context = { file, reached: new Set<string>() };
    // Objects, and what cells refer to, are in groups whose names are no names of variables.
    const names = file.listNames('/').filter((name) => !name.startsWith('#'));
    return new Map(names.map((name) => [name, decodeNode(context, `/${name}`, 0)]));
  });
}

function decodeNode(context: Context, path: string, depth: number): MatValue {
  const { file } = context;
  if (depth > maxDepth) throw new FileError(file.source, `cells or structures nested deeper than ${maxDepth}`);
  file.budget.take(valueBytes);
  const kind = file.kindOf(path);
  if (!kind) return { dtype: 'opaque', shape: [], data: 'link' };
  const prefix = 'MATLAB_';
  const names = file.listAttributes(path).filter((name) => name.startsWith(prefix));
  const attributes = new Map(names.map((name) => [name.slice(prefix.length), file.readAttribute(path, name)]));
  const className = attributes.get('class');
  const node = { path, depth, attributes, className: typeof className === 'string' ? className : undefined };
  return kind === 'group' ? decodeGroup(context, node) : decodeDataset(context, node);
}

function decodeGroup(context: Context, node: Node): MatValue {
  const { attributes, className = 'struct' } = node;
  if (attributes.has('sparse')) return decodeSparse(context, node);
  const { shape, data } = decodeRecords(context, node);
  if (className === 'struct') return { dtype: 'struct', shape, data };
  if (className !== 'function_handle') return { dtype: 'object', className, shape, data };
  return { dtype: 'function', shape: [1, 1], data: { dtype: 'struct', shape, data } };
}

function decodeDataset(context: Context, node: Node): MatValue {
  const { file } = context;
  const { path, attributes, className } = node;
  const metadata = file.describeDataset(path);
  if (isSet(attributes.get('empty'))) return decodeEmpty(context, node, metadata);
  // String, table and the like: numbers that lead into MATLAB's store of objects.
  if (attributes.has('object_decode')) return { dtype: 'opaque', shape: [], data: className ?? 'object' };
  const shape = reverse(metadata.shape);
  if (metadata.type === hdf5Classes.reference) {
    return { dtype: 'cell', shape, data: decodeReferences(context, node, metadata) };
  }
  const stored = decodeNumbers(file, path, metadata);
  if (!stored) return { dtype: 'opaque', shape, data: className ?? 'HDF5 type' };
  if (className === 'char') return createText(Uint32Array.from(stored.numbers.real, Number), shape);
  const dtype = className === undefined ? stored.dtype : numericClasses[className];
  if (!dtype) return { dtype: 'opaque', shape, data: className! };
  return createNumeric(stored.numbers, shape, dtype);
}

/** Empty arrays store their shape instead of elements. */
function decodeEmpty({ file }: Context, { path, className = 'double' }: Node, metadata: Metadata): MatValue {
  const stored = decodeNumbers(file, path, metadata);
  const shape = Array.from(stored?.numbers.real ?? [], Number);
  const count = countElements(shape);
  const damaged = new FileError(
    file.source,
    `damaged MAT file: ${path} is empty but has the shape [${shape.join(', ')}]`,
  );
  if (className === 'struct') {
    // A structure without fields may have elements.
    if (count > maxEmptyRecords) throw damaged;
    return { dtype: 'struct', shape, data: Array.from({ length: count }, () => new Map<string, MatValue>()) };
  }
  if (count !== 0 || shape.length > 64) throw damaged;
  if (className === 'cell') return { dtype: 'cell', shape, data: [] };
  if (className === 'char') return createText(new Uint32Array(), shape);
  const dtype = numericClasses[className];
  return dtype ? { dtype, shape, data: createData(dtype, 0) } : { dtype: 'opaque', shape, data: className };
}

/** Fields of a scalar structure are members of the group; those of an array are datasets of references without a class. */
function decodeRecords(
  context: Context,
  node: Node,
): { readonly shape: readonly number[]; readonly data: MatRecord[] } {
  const { file } = context;
  const { path, depth } = node;
  const fields = listFields(file, node);
  const references = fields.map((field) => describeReferences(file, `${path}/${field}`));
  if (fields.length === 0 || references.some((metadata) => !metadata)) {
    const record = new Map(fields.map((field) => [field, decodeNode(context, `${path}/${field}`, depth + 1)]));
    return { shape: [1, 1], data: [record] };
  }
  const shape = reverse(references[0]!.shape);
  const columns = references.map((metadata, index) => {
    if (reverse(metadata!.shape).join() !== shape.join()) {
      throw new FileError(file.source, `damaged MAT file: fields of ${path} differ in shape`);
    }
    return decodeReferences(context, { ...node, path: `${path}/${fields[index]}` }, metadata!);
  });
  const data = columns[0]!.map((_, at) => new Map(fields.map((field, index) => [field, columns[index]![at]!])));
  return { shape, data };
}

/** Names of fields in MATLAB's order where it is stored: groups are listed alphabetically. */
function listFields(file: Hdf5File, { path, attributes }: Node): string[] {
  const names = file.listNames(path);
  const order = attributes.get('fields');
  if (!Array.isArray(order)) return names;
  const rank = new Map(order.map((name, index) => [String(name), index]));
  return names.sort((a, b) => (rank.get(a) ?? names.length) - (rank.get(b) ?? names.length));
}

function describeReferences(file: Hdf5File, path: string): Metadata | undefined {
  if (file.kindOf(path) !== 'dataset' || file.listAttributes(path).includes('MATLAB_class')) return undefined;
  const metadata = file.describeDataset(path);
  return metadata.type === hdf5Classes.reference ? metadata : undefined;
}

/** What the references of a dataset lead to, in C order. */
function decodeReferences(context: Context, { path, depth }: Node, metadata: Metadata): MatValue[] {
  const { file, reached } = context;
  const paths = file.resolveReferences(file.readElements(path, metadata));
  const order = toRowMajor(
    Int32Array.from(paths, (_, index) => index),
    reverse(metadata.shape),
  );
  return Array.from(order, (index) => {
    const target = paths[index];
    if (target === undefined)
      throw new FileError(file.source, `damaged MAT file: a reference of ${path} leads nowhere`);
    if (reached.has(target)) throw new FileError(file.source, `damaged MAT file: two references lead to ${target}`);
    reached.add(target);
    const value = decodeNode(context, target, depth + 1);
    // Numbers and empty cells may be shared; others that refer to each other would never end.
    if (isNumericArray(value) || value.dtype === 'char' || countElements(value.shape) === 0) reached.delete(target);
    return value;
  });
}

function decodeSparse({ file }: Context, { path, attributes, className }: Node): MatSparse {
  const [rows] = attributes.get('sparse') as readonly number[];
  // A matrix of zeros has neither rows nor values.
  const names = file.listNames(path);
  const read = (name: string): StoredNumbers | undefined => {
    if (!names.includes(name)) return undefined;
    return decodeNumbers(file, `${path}/${name}`, file.describeDataset(`${path}/${name}`))?.numbers;
  };
  const toIndices = (stored: StoredNumbers | undefined) => Int32Array.from(stored?.real ?? [], Number);
  const starts = toIndices(read('jc'));
  const values = joinParts(read('data') ?? { real: new Float64Array() }, numericClasses[className ?? ''] ?? 'float64');
  return createSparse([Number(rows), starts.length - 1], { values, rows: toIndices(read('ir')), starts }, file.source);
}

interface DecodedNumbers {
  readonly dtype: NumericDtype;
  readonly numbers: StoredNumbers;
}

/** Integers, floats, and pairs of them named real and imag; undefined for other types. */
function decodeNumbers(file: Hdf5File, path: string, metadata: Metadata): DecodedNumbers | undefined {
  const dtype = numericDtype(metadata);
  if (dtype) return { dtype, numbers: { real: decodeElements(file.readElements(path, metadata), dtype, true) } };
  const members = metadata.type === hdf5Classes.compound ? metadata.compound_type!.members : [];
  const [real, imaginary] = ['real', 'imag'].map((name) => members.find((member) => member.name === name));
  const part = real && numericDtype(real);
  if (members.length !== 2 || !part || !imaginary || numericDtype(imaginary) !== part) return undefined;
  const elements = file.readElements(path, metadata);
  const pick = ({ offset, size, littleEndian }: CompoundMember): NumericData => {
    const bytes = new Uint8Array((elements.length / metadata.size) * size);
    for (let from = offset, to = 0; to < bytes.length; from += metadata.size, to += size) {
      bytes.set(elements.subarray(from, from + size), to);
    }
    return decodeElements(bytes, part, littleEndian);
  };
  return { dtype: part, numbers: { real: pick(real), imaginary: pick(imaginary) } };
}

function isSet(attribute: Hdf5Attribute | undefined): boolean {
  return Array.isArray(attribute) && attribute[0] === 1;
}

function reverse(shape: readonly number[] | null): number[] {
  return [...(shape ?? [0])].reverse();
}
