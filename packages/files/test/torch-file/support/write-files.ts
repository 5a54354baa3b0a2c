// Assembles PyTorch files from pickles written by hand, so that tests can hold what torch.save never writes.
import { writeZip } from '../../../src/zip/write-zip.js';

type Part = number | string | Uint8Array | readonly Part[];

/** A string stands for its Latin-1 bytes. */
export function toBytes(...parts: readonly Part[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  collectChunks(parts, chunks);
  return new Uint8Array(Buffer.concat(chunks));
}

function collectChunks(part: Part, chunks: Uint8Array[]): void {
  if (typeof part === 'number') chunks.push(Uint8Array.of(part));
  else if (typeof part === 'string') chunks.push(Buffer.from(part, 'latin1'));
  else if (part instanceof Uint8Array) chunks.push(part);
  else for (const item of part) collectChunks(item, chunks);
}

/** A pickle of protocol 2 that does `parts` and ends. */
export function pickle(...parts: readonly Part[]): Uint8Array {
  return toBytes(0x80, 2, parts, '.');
}

export function text(value: string): Uint8Array {
  const encoded = Buffer.from(value);
  return toBytes('X', uint32(encoded.length), encoded);
}

export function uint32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

/** An integer of any size up to 2⁶³. */
export function integer(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return toBytes(0x8a, 8, bytes);
}

export function global(module: string, name: string): string {
  return `c${module}\n${name}\n`;
}

export function tuple(...items: readonly Part[]): readonly Part[] {
  return ['(', items, 't'];
}

export interface WrittenTensor {
  readonly key?: string;
  readonly type?: string;
  readonly count?: number;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export function storage(key: string, count: number, type = 'FloatStorage'): readonly Part[] {
  const reference = tuple(text('storage'), global('torch', type), text(key), text('cpu'), integer(count));
  return [reference, 'Q'];
}

/** By `_rebuild_tensor_v2`; of one float at offset 0 if nothing else is said. */
export function tensor(written: WrittenTensor): readonly Part[] {
  const { key = '0', type, count = 1, offset = 0, shape, strides } = written;
  const numbers = (values: readonly number[]) => tuple(...values.map(integer));
  const hooks = [global('collections', 'OrderedDict'), ')R'];
  return [
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(storage(key, count, type), integer(offset), numbers(shape), numbers(strides), 0x89, hooks),
    'R',
  ];
}

/** The zip layout. */
export function zipFile(
  pickled: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {},
  others: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  return writeZip(
    [
      { name: 'x/data.pkl', content: pickled },
      ...Object.entries(storages).map(([key, bytes]) => ({ name: `x/data/${key}`, content: bytes })),
      ...Object.entries(others).map(([name, bytes]) => ({ name: `x/${name}`, content: bytes })),
    ],
    { align: true },
  );
}

const magic = toBytes(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19);

/** The legacy layout; `storages` are keys with number of elements and bytes, `order` what the list of keys holds. */
export function legacyFile(
  pickled: Uint8Array,
  storages: readonly (readonly [key: string, count: number, bytes: Uint8Array])[] = [],
  { littleEndian = true, version = 1001 }: { littleEndian?: boolean; version?: number } = {},
): Uint8Array {
  return toBytes(
    pickle(magic),
    pickle(integer(version)),
    pickle('}', text('little_endian'), littleEndian ? 0x88 : 0x89, 's'),
    pickled,
    pickle('](', ...storages.map(([key]) => text(key)), 'e'),
    ...storages.map(([, count, bytes]) => toBytes(integer(count).subarray(2), bytes)),
  );
}

/** Writes 0 for every checksum, as PyTorch does when told not to compute them, so that damage is met by what comes after. */
export function removeChecksums(archive: Uint8Array): Uint8Array {
  const copy = archive.slice();
  const view = new DataView(copy.buffer);
  for (let at = 0; at + 20 <= copy.length; at++) {
    const signature = view.getUint32(at, true);
    if (signature === 0x04034b50) view.setUint32(at + 14, 0, true);
    if (signature === 0x02014b50) view.setUint32(at + 16, 0, true);
  }
  return copy;
}
