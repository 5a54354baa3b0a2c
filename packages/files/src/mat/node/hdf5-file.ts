// What this package needs of h5wasm: listing, attributes, elements and references of an HDF5 file that is open for reading.
import { FileError } from '@hovernet/core';
import type * as hdf5 from 'h5wasm/node';
import type { MemoryBudget } from '../../memory-budget.js';
import { countElements, decodeElements } from '../../numeric-array.js';
import { hdf5Classes, numericDtype } from './hdf5-types.js';

export type Hdf5Module = Awaited<typeof hdf5.ready>;

/** What an attribute may hold here: one string, numbers, or lists of strings. */
export type Hdf5Attribute = string | readonly number[] | readonly string[];

const referenceBytes = 8;
const maxAttributeBytes = 2 ** 20;
/** Bytes that are read at once: the library holds them once more. */
const blockBytes = 2 ** 26;

/** An open file. Paths are absolute, `/` is the root. */
export class Hdf5File {
  /** Paths of the objects of `#refs#` by their references; finding one by its reference searches the whole file. */
  private referenced: Map<string, string> | undefined;

  constructor(
    private readonly module: Hdf5Module,
    private readonly id: bigint,
    readonly budget: MemoryBudget,
  ) {}

  /** What to name in errors. */
  get source(): string {
    return this.budget.source;
  }

  /** Whether `path` is a group or a dataset; undefined for links that lead nowhere or out of the file, and the like. */
  kindOf(path: string): 'group' | 'dataset' | undefined {
    const type = this.module.get_type(this.id, path);
    if (type === this.module.H5G_GROUP) return 'group';
    return type === this.module.H5G_DATASET ? 'dataset' : undefined;
  }

  /** Names of what is in the group at `path`, in alphabetical order. */
  listNames(path: string): string[] {
    return this.module.get_names(this.id, path, false);
  }

  /** Names of the attributes of what is at `path`. */
  listAttributes(path: string): string[] {
    return this.module.get_attribute_names(this.id, path);
  }

  /** The attribute `name`; undefined for types other than text and numbers. */
  readAttribute(path: string, name: string): Hdf5Attribute | undefined {
    const metadata = this.module.get_attribute_metadata(this.id, path, name);
    const bytes = metadata.size * metadata.total_size;
    if (metadata.shape === null || !(bytes <= maxAttributeBytes)) throw this.damaged(`attribute ${name} of ${path}`);
    return this.withMemory(bytes, (at) => {
      const status = this.module.get_attribute_data(this.id, path, name, BigInt(at));
      if (status < 0) throw this.damaged(`attribute ${name} of ${path}`);
      const value = this.parseAttribute(this.module.HEAPU8.slice(at, at + bytes), metadata);
      if (holdsPointers(metadata)) this.module.reclaim_vlen_memory(this.id, path, name, BigInt(at));
      return value;
    });
  }

  /** Type and shape of the dataset at `path`. @throws FileError if its elements lie in other files. */
  describeDataset(path: string): hdf5.Metadata {
    const metadata = this.module.get_dataset_metadata(this.id, path);
    if (metadata.virtual_sources) throw new FileError(this.source, `${path} lies in other files; copy it into one`);
    return metadata;
  }

  /** The elements of the dataset at `path` as bytes, in C order; integers and floats are little endian. */
  readElements(path: string, { shape, size, chunks }: hdf5.Metadata): Uint8Array {
    const count = shape ? countElements(shape) : 0;
    this.budget.take(count * size + (chunks ? countElements(chunks) * size : 0));
    const elements = new Uint8Array(count * size);
    if (count === 0) return elements;
    const rows = shape!.length > 0 ? shape![0]! : 1;
    const rowBytes = elements.length / rows;
    // Whole chunks, so that none is inflated twice.
    const step = chunks?.[0] ?? 1;
    const blockRows = Math.max(step, Math.floor(blockBytes / rowBytes / step) * step);
    for (let row = 0; row < rows; row += blockRows) {
      const taken = Math.min(blockRows, rows - row);
      this.readBlock(path, shape!, { row, rows: taken }, elements.subarray(row * rowBytes, (row + taken) * rowBytes));
    }
    return elements;
  }

  /** What the references of a dataset lead to, given its elements; undefined for a reference to nothing. */
  resolveReferences(elements: Uint8Array): (string | undefined)[] {
    this.referenced ??= this.listReferenced();
    const references = Array.from({ length: elements.length / referenceBytes }, (_, index) => {
      return elements.subarray(index * referenceBytes, (index + 1) * referenceBytes);
    });
    return references.map((reference) => {
      return this.referenced!.get(toKey(reference)) ?? this.find(reference);
    });
  }

  private readBlock(
    path: string,
    shape: readonly number[],
    { row, rows }: { readonly row: number; readonly rows: number },
    target: Uint8Array,
  ): void {
    const whole = rows === (shape[0] ?? 1);
    const count = whole ? null : [rows, ...shape.slice(1)].map(BigInt);
    const offset = whole ? null : shape.map((_, axis) => (axis === 0 ? BigInt(row) : 0n));
    const strides = whole ? null : shape.map(() => 1n);
    this.withMemory(target.length, (at) => {
      const status = this.module.get_dataset_data(this.id, path, count, offset, strides, BigInt(at));
      if (status < 0) throw this.damaged(path);
      target.set(this.module.HEAPU8.subarray(at, at + target.length));
    });
  }

  private parseAttribute(bytes: Uint8Array, metadata: hdf5.Metadata): Hdf5Attribute | undefined {
    const { type, size } = metadata;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const elements = <T>(read: (at: number) => T) =>
      Array.from({ length: bytes.length / size }, (_, i) => read(i * size));
    if (type === hdf5Classes.string) {
      const strings = elements((at) =>
        metadata.vlen
          ? this.module.UTF8ToString(view.getUint32(at, true))
          : Buffer.from(bytes.subarray(at, at + size))
              .toString('utf8')
              .split('\0', 1)[0]!,
      );
      return metadata.shape!.length === 0 ? strings[0]! : strings;
    }
    if (type === hdf5Classes.lists && metadata.vlen_type?.type === hdf5Classes.string) {
      // Pairs of a length and an address; MATLAB's names are lists of characters.
      const step = metadata.vlen_type.size;
      return elements((at) => {
        const start = view.getUint32(at + 4, true);
        const list = this.module.HEAPU8.subarray(start, start + Math.min(view.getUint32(at, true), 4096) * step);
        return Buffer.from(list).toString('utf8').replaceAll('\0', '');
      });
    }
    const dtype = numericDtype(metadata);
    return dtype && Array.from(decodeElements(bytes, dtype, true) as Float64Array, Number);
  }

  private listReferenced(): Map<string, string> {
    const group = '/#refs#';
    if (this.kindOf(group) !== 'group') return new Map();
    const paths = this.listNames(group).map((name) => `${group}/${name}`);
    return new Map(paths.map((path) => [toKey(this.module.create_object_reference(this.id, path)), path]));
  }

  private find(reference: Uint8Array): string | undefined {
    const path = this.module.get_referenced_name(this.id, reference, true) as string | null;
    return path ?? undefined;
  }

  /** Calls `use` with the address of `length` zeros in the library's memory. */
  private withMemory<T>(length: number, use: (address: number) => T): T {
    const address = this.module._malloc(Math.max(1, length));
    if (address === 0) throw new FileError(this.source, `no memory for ${length} bytes; save it in smaller parts`);
    try {
      this.module.HEAPU8.fill(0, address, address + length);
      return use(address);
    } finally {
      this.module._free(address);
    }
  }

  private damaged(what: string): FileError {
    return new FileError(this.source, `damaged HDF5 file (${what} cannot be read); copy or save it again`);
  }
}

function holdsPointers({ vlen, type }: hdf5.Metadata): boolean {
  return vlen || type === hdf5Classes.lists;
}

function toKey(reference: ArrayLike<number>): string {
  return String.fromCharCode(...Array.from(reference));
}
