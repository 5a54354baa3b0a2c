import { readFileSync } from 'node:fs';
import { FileError, UnsupportedError } from '@hovernet/core';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeTorchFile, isTorchFile, listTorchTensors, type StoredTensor } from '../../src/node.js';
import { describeValue } from './support/describe-value.js';
import {
  global,
  integer,
  legacyFile,
  pickle,
  removeChecksums,
  storage,
  tensor,
  text,
  toBytes,
  tuple,
  zipFile,
} from './support/write-files.js';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const expected = JSON.parse(fixture('expected.json').toString()) as unknown;
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

/** The one tensor of a file. */
function decodeTensor(file: Uint8Array): StoredTensor {
  return decodeTorchFile(file, 'x.pt') as StoredTensor;
}

describe('decodeTorchFile reads what PyTorch wrote', () => {
  it.each(['zip.pt', 'zip-protocol5.pt', 'legacy.pt'])('in %s, every type, order and bit', (name) => {
    const bytes = fixture(name);
    const before = Buffer.from(bytes);
    expect(describeValue(decodeTorchFile(bytes, name))).toEqual(expected);
    expect(bytes.equals(before)).toBe(true);
    expect(isTorchFile(bytes)).toBe(true);
  });

  it('without the checksums that it can be told to leave out', () => {
    expect(describeValue(decodeTorchFile(removeChecksums(fixture('zip.pt')), 'x.pt'))).toEqual(expected);
  });

  it('after the archive was packed again, compressed and with data.pkl last', () => {
    const content = decodeTorchFile(fixture('zip.pt'), 'x.pt');
    const entries = readStoredEntries(fixture('zip.pt'));
    const packed = zipSync(Object.fromEntries(Object.entries(entries).reverse()), { level: 9 });
    expect(packed.length).toBeLessThan(fixture('zip.pt').length);
    expect(isTorchFile(packed)).toBe(true);
    expect(decodeTorchFile(packed, 'x.pt')).toEqual(content);
  });

  it('from the middle of a larger buffer, where nothing is aligned', () => {
    for (const name of ['zip.pt', 'legacy.pt']) {
      const bytes = fixture(name);
      const shifted = new Uint8Array(bytes.length + 3);
      shifted.set(bytes, 3);
      expect(describeValue(decodeTorchFile(shifted.subarray(3), name))).toEqual(expected);
    }
  });

  it('as views of the file where tensors are contiguous and aligned, and of one array where they share a storage', () => {
    const bytes = new Uint8Array(fixture('zip.pt'));
    const tensors = listTorchTensors(decodeTorchFile(bytes, 'x.pt'));
    const views = [...tensors].filter(([, { data }]) => data.buffer === bytes.buffer).map(([name]) => name);
    expect(views).toEqual(
      [...tensors.keys()].filter((name) => !/half|bfloat16|transposed|strided|expanded|channels_last/.test(name)),
    );
    const halves = listTorchTensors(
      decodeTorchFile(zipFile(pickle('(', sharedHalves, 't'), { 0: new Uint8Array(8) }), 'x'),
    );
    expect(new Set([...halves.values()].map(({ data }) => data.buffer)).size).toBe(1);
  });
});

const half = (offset: number) => tensor({ type: 'HalfStorage', count: 4, offset, shape: [2], strides: [1] });
const sharedHalves = [half(0), half(2)];

describe('decodeTorchFile', () => {
  it('reads unsigned types of PyTorch 2.3, which have storages without a type', () => {
    const reference = tuple(
      text('storage'),
      global('torch.storage', 'UntypedStorage'),
      text('0'),
      text('cpu'),
      integer(4),
    );
    const rebuild = (type: string, count: number) => {
      const hooks = [global('collections', 'OrderedDict'), ')R'];
      const shape = tuple(integer(count));
      const args = tuple(reference, 'Q', integer(0), shape, tuple(integer(1)), 0x89, hooks, global('torch', type));
      return pickle(global('torch._utils', '_rebuild_tensor_v3'), args, 'R');
    };
    const data = { 0: toBytes(1, 0, 255, 255) };
    const uint16 = { dtype: 'uint16', shape: [2], data: Uint16Array.of(1, 65535) };
    expect(decodeTorchFile(zipFile(rebuild('uint16', 2), data), 'x')).toEqual(uint16);
    const uint32 = { dtype: 'uint32', shape: [1], data: Uint32Array.of(0xffff0001) };
    expect(decodeTorchFile(zipFile(rebuild('uint32', 1), data), 'x')).toEqual(uint32);
    expect(() => decodeTorchFile(zipFile(rebuild('uint64', 1), data), 'x')).toThrow(/ends at element 1 .* which has 0/);
  });

  it('reads storages in storages, as the first versions of PyTorch wrote them', () => {
    const view = tuple(text('1'), integer(2), integer(2));
    const reference = tuple(text('storage'), global('torch', 'FloatStorage'), text('0'), text('cpu'), integer(4), view);
    const args = (offset: number) => tuple(reference, 'Q', integer(offset), tuple(integer(2)), tuple(integer(1)));
    const file = (offset: number) => {
      return legacyFile(pickle(global('torch._utils', '_rebuild_tensor'), args(offset), 'R'), [
        ['0', 4, floats(1, 2, 3, 4)],
      ]);
    };
    expect(decodeTensor(file(0)).data).toEqual(Float32Array.of(3, 4));
    expect(() => decodeTensor(file(1))).toThrow(/ends at element 3 of storage 0, which has 2/);
  });

  it('reads sets and the dictionaries of Python 2', () => {
    const set = [global('__builtin__', 'set'), tuple([']', '(', integer(3), 'e']), 'R'];
    expect(decodeTorchFile(zipFile(pickle(set)), 'x')).toEqual([3]);
    const pairs = [']', '(', [']', '(', toBytes('U', 1, 'a'), 'N', 'e'], 'e'];
    const dictionary = [global('collections', 'OrderedDict'), tuple(pairs), 'R'];
    expect(decodeTorchFile(zipFile(pickle(dictionary)), 'x')).toEqual(new Map([['a', null]]));
    expect(decodeTorchFile(zipFile(toBytes(0x80, 4, 0x8f, '(', 'K', 1, 0x90, '.')), 'x')).toEqual([1]);
  });

  it('keeps keys that mean something in JavaScript as they are', () => {
    const value = pickle('}(', text('__proto__'), '}', text('polluted'), 0x88, 's', text('constructor'), 'N', 'u');
    const file = decodeTorchFile(zipFile(value), 'x') as Map<string, unknown>;
    expect([...file]).toEqual([
      ['__proto__', new Map([['polluted', true]])],
      ['constructor', null],
    ]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('reads integers of any size, negative ones too', () => {
    const long = (...bytes: number[]) => decodeTorchFile(zipFile(pickle(0x8a, bytes.length, bytes)), 'x');
    expect(long()).toBe(0);
    expect(long(0xff)).toBe(-1);
    expect(long(0xff, 0)).toBe(255);
    expect(long(0, 0, 0, 0, 0, 0, 0, 0x80)).toBe(-(2n ** 63n));
    expect(long(1, 0, 0, 0, 0, 0, 0, 0, 1)).toBe(2n ** 64n + 1n);
    expect(decodeTorchFile(zipFile(pickle('J', 0xfe, 255, 255, 255)), 'x')).toBe(-2);
  });
});

describe('isTorchFile', () => {
  it('knows both layouts, and a truncated archive by its first entry', () => {
    expect(isTorchFile(fixture('zip.pt').subarray(0, 100))).toBe(true);
    expect(isTorchFile(legacyFile(pickle('N')))).toBe(true);
    expect(isTorchFile(toBytes(0x80, 5, 0x95, integer(12).subarray(2), legacyFile(pickle('N')).subarray(2)))).toBe(
      true,
    );
  });

  it('does not take other archives, pickles or nothing for one', () => {
    expect(isTorchFile(zipSync({ 'x.npy': new Uint8Array(3), 'not-data.pkl': new Uint8Array(1) }))).toBe(false);
    expect(isTorchFile(zipSync({ 'x.npy': new Uint8Array(3) }).subarray(0, 40))).toBe(false);
    expect(isTorchFile(pickle('N'))).toBe(false);
    expect(isTorchFile(new Uint8Array(0))).toBe(false);
  });
});

describe('decodeTorchFile refuses', () => {
  const little = { byteorder: Buffer.from('big') };
  const one = { shape: [1], strides: [1] };
  const unsupported: [string, Uint8Array, RegExp][] = [
    ['big-endian archives', zipFile(pickle('N'), {}, little), /expected little-endian data/],
    ['big-endian legacy files', legacyFile(pickle('N'), [], { littleEndian: false }), /expected little-endian data/],
    [
      'TorchScript',
      zipFile(pickle('N'), {}, { 'constants.pkl': pickle('N') }),
      /TorchScript program; save its state_dict/,
    ],
    ['bare storages', zipFile(pickle(storage('0', 1)), { 0: floats(1) }), /holds a storage on its own/],
    ['bytes', zipFile(toBytes(0x80, 3, 'C', 1, 0, '.')), /holds bytes on its own/],
    ['classes', zipFile(pickle(global('collections', 'OrderedDict'))), /holds collections\.OrderedDict on its own/],
    [
      'whole networks',
      legacyFile(pickle(tuple(text('module'), 'N'), 'Q')),
      /whole network with its code; save model\.state_dict/,
    ],
  ];
  it.each(unsupported)('%s', (_, file, message) => {
    expect(() => decodeTorchFile(file, 'x.pt')).toThrow(UnsupportedError);
    expect(() => decodeTorchFile(file, 'x.pt')).toThrow(message);
  });

  const file = (written: object) => zipFile(pickle(tensor({ ...one, ...written })), { 0: floats(1) });
  const damaged: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(0), /not a PyTorch file/],
    ['text', Buffer.from('hello'), /not a PyTorch file/],
    [
      'an archive without a pickle',
      zipSync({ 'x.npy': new Uint8Array(3) }),
      /expected one data\.pkl in the archive, got 0/,
    ],
    [
      'two pickles',
      zipSync({ 'a/data.pkl': pickle('N'), 'b/data.pkl': pickle('N') }),
      /expected one data\.pkl .* got 2/,
    ],
    ['a legacy file of another version', legacyFile(pickle('N'), [], { version: 3 }), /expected version 1001, got 3/],
    ['a missing storage', zipFile(pickle(tensor(one))), /storage 0: expected 4 bytes, got none/],
    ['a short storage', zipFile(pickle(tensor(one)), { 0: new Uint8Array(3) }), /storage 0: expected 4 bytes, got 3/],
    ['a key that points elsewhere', file({ key: '../data.pkl' }), /expected a storage with type, key and size/],
    ['a missing legacy storage', legacyFile(pickle(tensor(one))), /storage 0 is missing/],
    [
      'a truncated legacy storage',
      legacyFile(pickle(tensor(one)), [['0', 1, new Uint8Array(3)]]),
      /truncated: its storage 0/,
    ],
    [
      'a legacy storage of another size',
      legacyFile(pickle(tensor(one)), [['0', 2, floats(1)]]),
      /expected 1 elements, got 2/,
    ],
    [
      'an unknown legacy storage',
      legacyFile(pickle('N'), [['9', 1, floats(1)]]),
      /expected the key of a storage, once, got "9"/,
    ],
    [
      'a tensor that ends outside',
      file({ shape: [2] }),
      /\[2\] with strides \[1\] ends at element 2 of storage 0, which has 1/,
    ],
    ['a tensor that begins outside', file({ offset: 1 }), /ends at element 2/],
    ['strides that lead outside', file({ shape: [2, 1], strides: [2 ** 52, 0] }), /ends at element 4503599627370497/],
    ['a negative size', file({ shape: [-1] }), /lacks an offset, or a shape and strides/],
    ['shape and strides of two lengths', file({ strides: [] }), /shape and strides of one length/],
    [
      'a storage of two types',
      zipFile(pickle('(', half(0), tensor({ ...one, count: 4 }), 't'), { 0: floats(1, 2) }),
      /described in two ways/,
    ],
    ['an unknown operation', zipFile(pickle('i')), /operation 0x69 at byte 2/],
    ['a later protocol', zipFile(toBytes(0x80, 6, 'N.')), /protocol 5 at most, got 6/],
    ['a pickle without end', zipFile(toBytes(0x80, 2, 'N')), /its pickle is truncated/],
    ['text that is not UTF-8', zipFile(pickle('X', 1, 0, 0, 0, 0xff)), /expected text in UTF-8/],
    ['an empty stack', zipFile(pickle('')), /expected a value, got nothing/],
    ['a missing mark', zipFile(pickle('t')), /expected a mark/],
    ['a value below the mark', zipFile(pickle('N(a')), /expected a value/],
    ['a missing memo entry', zipFile(pickle('h', 7)), /expected memo entry 7/],
    ['an item of no list', zipFile(pickle('NNa')), /expected a list, got None/],
    ['an entry of no dictionary', zipFile(pickle(']NNs')), /expected a dictionary, got a list/],
    ['keys that are no text', zipFile(pickle('}NNs')), /expected text or a number as a key, got None/],
    ['a key without a value', zipFile(pickle('}(', text('a'), 'u')), /expected a value for the key "a"/],
    ['attributes of a list', zipFile(pickle(']}b')), /attributes of dictionaries only, got a dictionary for a list/],
    ['a call of text', zipFile(pickle(text('os.system'), ')R')), /expected a function to call, got "os\.system"/],
    ['a call without a tuple', zipFile(pickle(global('torch', 'Size'), 'NR')), /expected a tuple of arguments/],
  ];
  it.each(damaged)('%s', (_, bytes, message) => {
    expect(() => decodeTorchFile(bytes, 'x.pt')).toThrow(FileError);
    expect(() => decodeTorchFile(bytes, 'x.pt')).toThrow(message);
  });

  it('every shortened file', () => {
    for (const name of ['zip.pt', 'legacy.pt']) {
      const bytes = fixture(name);
      for (let length = 0; length < bytes.length; length += 61) {
        expect(() => decodeTorchFile(bytes.subarray(0, length), name)).toThrow(FileError);
      }
    }
  });

  it('an archive with a changed bit in a storage, and says which', () => {
    const bytes = new Uint8Array(fixture('zip.pt'));
    const tensors = listTorchTensors(decodeTorchFile(bytes, 'x.pt'));
    bytes[tensors.get('norm/weight')!.data.byteOffset]! ^= 1;
    expect(() => decodeTorchFile(bytes, 'x.pt')).toThrow(
      /its entry "zip\/data\/\d+" is damaged \(its checksum differs\)/,
    );
  });
});

/** Contents of an archive that is not compressed, by name. */
function readStoredEntries(bytes: Uint8Array): Record<string, Uint8Array> {
  const entries: Record<string, Uint8Array> = {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = view.getUint32(bytes.length - 6, true); view.getUint32(at, true) === 0x02014b50;) {
    const [nameSize, extraSize, size] = [
      view.getUint16(at + 28, true),
      view.getUint16(at + 30, true),
      view.getUint32(at + 24, true),
    ];
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    entries[new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameSize))] = bytes.subarray(
      start,
      start + size,
    );
    at += 46 + nameSize + extraSize + view.getUint16(at + 32, true);
  }
  return entries;
}
