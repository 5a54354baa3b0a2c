// The layout before PyTorch 1.6: five pickles (magic number, version, machine, the value, keys of storages), then the storages,
// each with its number of elements before it.
import { FileError, UnsupportedError } from '@hovernet/core';
import type { OpenedTorchFile, OpenTorchFileOptions } from './opened-torch-file.js';
import { createPickleError, type PickleValue, type StorageReference } from './pickle/pickle-value.js';
import { createTorchHost } from './pickle/torch-host.js';
import { unpickle } from './pickle/unpickle.js';
import { elementTypes } from '../element-types.js';

/** Ten bytes of an integer, after the operation that reads it. */
const magicOperation = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const protocolVersion = 1001;
const frameSize = 9;

/** Whether `bytes` begin with the magic number, in any protocol of pickle. */
export function isLegacyFile(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x80) return false;
  const start = bytes[2] === 0x95 ? 2 + frameSize : 2;
  return magicOperation.every((byte, index) => bytes[start + index] === byte);
}

/** @throws FileError and UnsupportedError as `decodeTorchFile`. */
export function openLegacyFile(bytes: Uint8Array, options: OpenTorchFileOptions): OpenedTorchFile {
  const { source, structureMemory: memory } = options;
  const storages = new Map<string, StorageReference>();
  const host = createTorchHost({ source, memory, storages });
  let position = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(bytes, { start: position, source, host, memory });
    position = end;
    return value;
  };
  next();
  const version = next();
  if (version !== protocolVersion) throw createPickleError(source, `version ${protocolVersion}`, version);
  const machine = next();
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new UnsupportedError(`${source}: expected little-endian data; load it in PyTorch and save it again`);
  }
  const start = position;
  const root = next();
  const pickleSize = position - start;
  const keys = next();
  const contents = locateStorages(bytes, position, { keys, storages, source });
  return {
    root,
    pickleSize,
    findStorage: ({ key }) => {
      const content = contents.get(key);
      if (!content) throw new FileError(source, `its storage ${key} is missing; the file is damaged`);
      return content;
    },
  };
}

interface StorageList {
  readonly keys: PickleValue;
  readonly storages: ReadonlyMap<string, StorageReference>;
  readonly source: string;
}

/** Bytes of each storage. */
function locateStorages(
  bytes: Uint8Array,
  start: number,
  { keys, storages, source }: StorageList,
): Map<string, Uint8Array> {
  if (!Array.isArray(keys)) throw createPickleError(source, 'a list of storages', keys);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const contents = new Map<string, Uint8Array>();
  let position = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage || contents.has(storage.key)) throw createPickleError(source, 'the key of a storage, once', key);
    const size = storage.count * (storage.dtype === null ? 1 : elementTypes[storage.dtype].bytes);
    if (!(8 + size <= bytes.length - position)) {
      throw new FileError(source, `truncated: its storage ${storage.key} of ${size} bytes is not all there`);
    }
    const count = Number(view.getBigInt64(position, true));
    if (count !== storage.count) {
      throw new FileError(source, `its storage ${storage.key}: expected ${storage.count} elements, got ${count}`);
    }
    contents.set(storage.key, bytes.subarray(position + 8, position + 8 + size));
    position += 8 + size;
  }
  return contents;
}
