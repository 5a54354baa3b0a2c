// Small files that would fill the memory or never end.
import { FileError } from '@hovernet/core';
import { hashNoise } from '@hovernet/testing';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeTorchFile, listTorchTensors, type StoredTensor } from '../../src/node.js';
import { global, integer, legacyFile, pickle, storage, tensor, text, tuple, zipFile } from './support/write-files.js';

const mebibyte = 2 ** 20;
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

/** Refused, without having allocated more than 16 MiB, and soon: the test would time out. */
function expectRefusal(file: Uint8Array, message: RegExp): void {
  const before = process.memoryUsage().arrayBuffers;
  let error: unknown;
  try {
    decodeTorchFile(file, 'bomb.pt');
  } catch (caught) {
    error = caught;
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * mebibyte + 2 * file.length);
  expect(error).toBeInstanceOf(FileError);
  expect((error as FileError).message).toMatch(message);
}

/** Sets a field of the directory entry of `name`. */
function patchDirectory(archive: Uint8Array, name: string, fields: Readonly<Record<number, number>>): Uint8Array {
  const patched = archive.slice();
  const at = Buffer.from(patched).lastIndexOf(name) - 46;
  const view = new DataView(patched.buffer);
  for (const [offset, value] of Object.entries(fields)) view.setUint32(at + Number(offset), value, true);
  return patched;
}

describe('archives', () => {
  const zeros = pickle(tensor({ count: 2 ** 20, shape: [2 ** 20], strides: [1] }));

  it('with a deflated storage of 4 MiB of zeros', () => {
    const bomb = zipSync({ 'x/data.pkl': zeros, 'x/data/0': new Uint8Array(2 ** 22) });
    expect(bomb.length).toBeLessThan(mebibyte / 16);
    expectRefusal(bomb, /its tensors would take more than 1048576 bytes; give a larger maxBytes if you trust the file/);
  });

  it('with a pickle that is deflated from 40 MiB', () => {
    const noise = Uint8Array.from({ length: 50_000 }, (_, i) => 128 + 128 * hashNoise(i, 1));
    const bomb = patchDirectory(zipSync({ 'x/data.pkl': noise }), 'x/data.pkl', { 24: 40 * mebibyte });
    expectRefusal(bomb, /its pickle would take more than 33554432 bytes/);
  });

  it('whose directory claims less than a deflated entry holds', () => {
    const file = zipSync({
      'x/data.pkl': pickle(tensor({ shape: [1], strides: [1] })),
      'x/data/0': new Uint8Array(2 ** 24),
    });
    expectRefusal(patchDirectory(file, 'x/data/0', { 24: 4 }), /compressed data is damaged|checksum differs/);
  });

  it('whose directory claims more than deflate can compress to', () => {
    const file = zipSync({ 'x/data.pkl': pickle(text('a'.repeat(100))) });
    expectRefusal(patchDirectory(file, 'x/data.pkl', { 24: 2 ** 31 }), /entry "x\/data\.pkl" is truncated or damaged/);
  });

  it('with entries that overlap', () => {
    const file = zipFile(pickle('N'), { 0: new Uint8Array(1000), 1: new Uint8Array(1000), 2: new Uint8Array(1000) });
    const size = file.length - 1000;
    expectRefusal(patchDirectory(file, 'x/data/0', { 20: size, 24: size }), /its entries overlap/);
  });

  it('with a directory of 65,535 entries that are not there', () => {
    const file = zipFile(pickle('N'));
    new DataView(file.buffer).setUint16(file.length - 12, 0xffff, true);
    expectRefusal(file, /damaged/);
  });

  it('with two entries of one name', () => {
    const file = zipFile(pickle('N'), { 0: new Uint8Array(1), 1: new Uint8Array(1) });
    const renamed = Buffer.from(file);
    for (let at; (at = renamed.indexOf('x/data/1')) >= 0;) renamed.write('x/data/0', at);
    expectRefusal(renamed, /two entries "x\/data\/0"/);
  });
});

describe('tensors', () => {
  const one = (shape: readonly number[], strides: readonly number[]) =>
    zipFile(pickle(tensor({ shape, strides })), { 0: floats(1) });

  it('that repeat one element terabytes of times', () => {
    expectRefusal(one([2 ** 20, 2 ** 20], [0, 0]), /its tensors would take more than/);
    expectRefusal(one([2 ** 53 - 1, 2 ** 53 - 1, 2 ** 53 - 1], [0, 0, 0]), /its tensors would take more than/);
  });

  it('of absurd sizes in an absurd storage', () => {
    const file = zipFile(pickle(tensor({ count: 2 ** 40, shape: [2 ** 40], strides: [1] })), { 0: floats(1) });
    expectRefusal(file, /storage 0: expected 4398046511104 bytes, got 4/);
    const written = pickle(tensor({ count: 2 ** 40, shape: [2 ** 40], strides: [1] }));
    expectRefusal(
      legacyFile(written, [['0', 2 ** 40, floats(1)]]),
      /its storage 0 of 4398046511104 bytes is not all there/,
    );
  });

  it('of a thousand axes', () => {
    const axes = Array.from({ length: 1000 }, () => 1);
    expectRefusal(one(axes, axes), /lacks an offset, or a shape and strides/);
  });

  it('with no elements may have any other size', () => {
    const tensors = decodeTorchFile(one([2 ** 52, 0], [0, 2 ** 52]), 'x') as StoredTensor;
    expect(tensors).toEqual({ dtype: 'float32', shape: [2 ** 52, 0], data: new Float32Array(0) });
  });

  it('that repeat a little are read, and a lot where the caller allows it', () => {
    const file = one([2 ** 19], [0]);
    expect(() => decodeTorchFile(file, 'x')).toThrow(/give a larger maxBytes/);
    const { data } = decodeTorchFile(file, 'x', { maxBytes: 2 ** 21 }) as StoredTensor;
    expect(data).toHaveLength(2 ** 19);
    expect((data as Float32Array).every((value) => value === 1)).toBe(true);
    expect(decodeTorchFile(one([2 ** 18], [0]), 'x')).toMatchObject({ shape: [2 ** 18] });
  });

  it('of half precision may take twice the file, many views of one storage no more', () => {
    const bytes = new Uint8Array(2 * mebibyte);
    const views = Array.from({ length: 50 }, (_, i) =>
      tensor({ type: 'HalfStorage', count: mebibyte, offset: i, shape: [1000], strides: [1] }),
    );
    const tensors = listTorchTensors(decodeTorchFile(zipFile(pickle('(', views, 't'), { 0: bytes }), 'x'));
    expect(new Set([...tensors.values()].map(({ data }) => data.buffer)).size).toBe(1);
  });
});

describe('pickles', () => {
  it('of hundreds of thousands of dictionaries', () => {
    const bomb = new Uint8Array(200_000).fill(0x7d);
    bomb.set([0x80, 2]);
    bomb[bomb.length - 1] = 0x2e;
    expectRefusal(zipFile(bomb), /its pickle would take more than 33554432 bytes/);
    expectRefusal(legacyFile(bomb), /its pickle would take more than/);
  });

  it('that put a long list into the arguments of call after call', () => {
    const pairs = ['](', Array.from({ length: 20_000 }, () => ['](K', 1, 'Ne']), 'e'];
    const calls = Array.from({ length: 100 }, () => ['h', 0, 'h', 1, 0x85, 'R']);
    const bomb = pickle(global('collections', 'OrderedDict'), 'q', 0, pairs, 'q', 1, calls);
    expectRefusal(zipFile(bomb), /its pickle would take more than/);
  });

  it('that name a shape of thousands of axes', () => {
    const shape = [']', '(', Array.from({ length: 10_000 }, () => ['K', 1]), 'e'];
    const rebuild = [global('torch._utils', '_rebuild_tensor'), 'q', 1];
    const bomb = pickle(shape, 'q', 0, rebuild, '(', storage('0', 1), 'K', 0, 'h', 0, 'h', 0, 'tR');
    expectRefusal(zipFile(bomb, { 0: floats(1) }), /lacks an offset, or a shape and strides/);
  });

  it('that contain themselves', () => {
    expectRefusal(zipFile(pickle(']q', 0, 'h', 0, 'a')), /a value contains itself/);
    expectRefusal(zipFile(pickle('}q', 0, text('a'), ']h', 0, 'as')), /a value contains itself/);
    expectRefusal(zipFile(pickle('}q', 0, text('self'), 'h', 0, 's')), /a value contains itself/);
  });

  it('of values in values, too deep to walk through', () => {
    expectRefusal(zipFile(pickle('N', new Uint8Array(65).fill(0x85))), /at most 64 levels/);
    expectRefusal(zipFile(pickle('N', new Uint8Array(100_000).fill(0x85))), /at most 64 levels/);
    const shared = [']q', 0, Array.from({ length: 63 }, () => 0x85), 'q', 1];
    expectRefusal(zipFile(pickle('(', shared, 'h', 1, 0x85, 0x85, 0x85, 't')), /at most 64 levels/);
    expect(() => decodeTorchFile(zipFile(pickle('N', new Uint8Array(64).fill(0x85))), 'x')).not.toThrow();
  });

  it('that repeat lists of lists until there are billions', () => {
    const levels = Array.from({ length: 40 }, (_, i) => ['h', i, 'h', i, 0x86, 'q', i + 1]);
    expectRefusal(zipFile(pickle('Nq', 0, levels)), /repeats values so often that they would not end/);
  });

  it('that give tensors names of gigabytes', () => {
    const written = tensor({ shape: [1], strides: [1] });
    const key = [text('k'.repeat(50_000)), 'q', 1];
    const levels = Array.from({ length: 30 }, (_, i) => ['}', 'h', 1, 'h', i + 2, 's', 'q', i + 3]);
    expectRefusal(zipFile(pickle(key, written, 'q', 2, levels), { 0: floats(1) }), /repeats values so often/);
  });

  it('with integers of a million digits', () => {
    expectRefusal(
      zipFile(pickle(0x8b, 0, 0, 16, 0, new Uint8Array(mebibyte))),
      /integers of 64 bytes at most, got 1048576/,
    );
  });

  it('that promise more text than there is', () => {
    expectRefusal(zipFile(pickle('X', 0xff, 0xff, 0xff, 0xff)), /its pickle is truncated/);
    expectRefusal(zipFile(pickle(0x8d, new Uint8Array(8).fill(0xff))), /its pickle is truncated/);
    expectRefusal(zipFile(pickle('cos')), /its pickle is truncated/);
  });

  it('with a part of a storage outside of it', () => {
    const reference = (start: number) => {
      const part = tuple(text('1'), integer(start), integer(2));
      return tuple(text('storage'), global('torch', 'FloatStorage'), text('0'), text('cpu'), integer(2), part);
    };
    expectRefusal(legacyFile(pickle(reference(1), 'Q')), /expected a part of storage 0/);
  });
});
