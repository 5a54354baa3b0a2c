// Damaged weight files of every layout: each gives a value or an error of ours, with memory bounded by the file's size.
// HOVERNET_MUTATED_FILES sets how many are tried.
import { readFileSync } from 'node:fs';
import { HovernetError } from '@hovernet/core';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  decodeSafetensors,
  decodeTorchFile,
  encodeSafetensors,
  encodeTorchFile,
  isTorchFile,
  listTorchTensors,
  type StoredTensor,
} from '../../src/node.js';
import { pickle, removeChecksums, tensor, zipFile } from './support/write-files.js';

const numRuns = Number(process.env['HOVERNET_MUTATED_FILES'] ?? 300);
const leastBytes = 2 ** 20;

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const small = zipFile(pickle(tensor({ count: 4, shape: [2, 2], strides: [1, 2] })), { 0: new Uint8Array(16) });
const state = new Map([
  ['a/b', { dtype: 'float32', shape: [50], data: new Float32Array(50).fill(1) } as const],
  ['count', { dtype: 'int64', shape: [], data: BigInt64Array.of(3n) } as const],
]);
// Without checksums, damage is met by what reads the pickle and the tensors.
const torchFiles = [
  fixture('zip.pt'),
  removeChecksums(fixture('zip.pt')),
  removeChecksums(fixture('zip-protocol5.pt')),
  fixture('legacy.pt'),
  removeChecksums(small),
  removeChecksums(encodeTorchFile(state)),
  removeChecksums(
    zipSync({ 'x/data.pkl': pickle(tensor({ shape: [1], strides: [1] })), 'x/data/0': new Uint8Array(4) }),
  ),
];
const safetensorsFiles = [encodeSafetensors(state, { format: 'pt' }), encodeSafetensors(new Map([...state].slice(1)))];

/** Numbers that lengths, counts and offsets go wrong at, and the operations of pickles. */
const telling = [0, 1, 2, 127, 128, 255, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 2 ** 40, Number.MAX_SAFE_INTEGER];
// Small numbers must not be preferred: all damage would be at the beginning.
const position = fc.noBias(fc.nat(2 ** 20 - 1)).map((part) => part / 2 ** 20);
const mutation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set'), at: position, value: fc.nat(255) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('flip'), at: position, value: fc.nat(7) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('uint16', 'uint32', 'uint64'),
      at: position,
      value: fc.constantFrom(...telling),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut'), at: position, value: fc.nat(64) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy'), at: position, value: fc.nat(64), from: position }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate'), at: position, value: fc.constant(0) }) },
);

interface Mutation {
  readonly kind: string;
  /** Where, as a part of the length. */
  readonly at: number;
  readonly value: number;
  readonly from?: number;
}

function mutate(bytes: Uint8Array, { kind, at, value, from = 0 }: Mutation): Uint8Array {
  const start = Math.floor(at * bytes.length);
  const before = bytes.subarray(0, start);
  switch (kind) {
    case 'truncate':
      return before.slice();
    case 'cut':
      return new Uint8Array(Buffer.concat([before, bytes.subarray(start + value)]));
    case 'copy': {
      const origin = Math.floor(from * bytes.length);
      return new Uint8Array(Buffer.concat([before, bytes.subarray(origin, origin + value), bytes.subarray(start)]));
    }
  }
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const size = { uint16: 2, uint32: 4, uint64: 8 }[kind] ?? 1;
  if (start + size > changed.length) return changed;
  if (kind === 'set') changed[start] = value;
  else if (kind === 'flip') changed[start]! ^= 1 << value;
  else if (kind === 'uint16') view.setUint16(start, value, true);
  else if (kind === 'uint32') view.setUint32(start, value, true);
  else view.setBigUint64(start, BigInt(value), true);
  return changed;
}

const damagedFiles = (files: readonly Uint8Array[]) =>
  fc
    .tuple(fc.constantFrom(...files), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([file, mutations]) => mutations.reduce<Uint8Array>(mutate, file));

/** How a file ended: with tensors, all whole and bounded, or with an error of ours. Throws for anything else. */
function tryDecode(decode: () => ReadonlyMap<string, StoredTensor>, file: Uint8Array): 'value' | 'error' {
  let tensors: ReadonlyMap<string, StoredTensor>;
  try {
    tensors = decode();
  } catch (error) {
    if (!(error instanceof HovernetError)) throw error;
    expect(error.message).not.toBe('');
    return 'error';
  }
  const buffers = new Set<ArrayBufferLike>();
  for (const { shape, data } of tensors.values()) {
    expect(shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1)).toBe(data.length);
    if (data.buffer !== file.buffer) buffers.add(data.buffer);
  }
  const allocated = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(allocated).toBeLessThanOrEqual(Math.max(2 * file.length, leastBytes));
  return 'value';
}

const readers = [
  {
    name: 'decodeTorchFile',
    files: torchFiles,
    read: (file: Uint8Array) => listTorchTensors(decodeTorchFile(file, 'x.pt')),
  },
  {
    name: 'decodeSafetensors',
    files: safetensorsFiles,
    read: (file: Uint8Array) => decodeSafetensors(file, 'x').tensors,
  },
];

describe.each(readers)('$name', ({ files, read }) => {
  it(
    'meets every damaged file with a value or an error of ours, in bounded memory',
    () => {
      const endings = { value: 0, error: 0 };
      fc.assert(
        fc.property(damagedFiles(files), (file) => {
          endings[tryDecode(() => read(file), file)]++;
          expect(typeof isTorchFile(file)).toBe('boolean');
        }),
        { numRuns },
      );
      // Damage that nothing can notice (in values) and damage that must be noticed both occur.
      expect(endings.value).toBeGreaterThan(numRuns / 50);
      expect(endings.error).toBeGreaterThan(numRuns / 10);
    },
    60_000 + 20 * numRuns,
  );
});
