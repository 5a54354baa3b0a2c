// The layout since PyTorch 1.6: a zip archive with one folder that holds `data.pkl` and a file `data/KEY` for each storage.
import { listZipEntries, readZipEntry } from '../zip/read-zip.js';
import { zipHeaderSizes, zipSignatures, type ZipEntry } from '../zip/zip-directory.js';
import { FileError, UnsupportedError } from '@hovernet/core';
import type { OpenedTorchFile, OpenTorchFileOptions } from './opened-torch-file.js';
import { MemoryBudget } from '../memory-budget.js';
import { createTorchHost } from './pickle/torch-host.js';
import { unpickle } from './pickle/unpickle.js';

/** What the directory of an archive may take in memory where it is only looked at. */
const directoryBytes = 2 ** 25;

const pickleName = /(^|\/)data\.pkl$/;

/** Whether `bytes` begin as an archive does. */
export function isZipFile(bytes: Uint8Array): boolean {
  const isLongEnough = bytes.length >= zipHeaderSizes.local;
  return isLongEnough && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === zipSignatures.local;
}

/** Whether the archive has a `data.pkl`. PyTorch writes it first, where it is found even if the file is truncated. */
export function listsPickle(bytes: Uint8Array): boolean {
  const nameLength = new DataView(bytes.buffer, bytes.byteOffset).getUint16(26, true);
  const firstName = bytes.subarray(zipHeaderSizes.local, zipHeaderSizes.local + nameLength);
  if (pickleName.test(new TextDecoder().decode(firstName))) return true;
  try {
    const entries = listZipEntries(bytes, '', new MemoryBudget('', directoryBytes, 'its directory is too large'));
    return [...entries.keys()].some((name) => pickleName.test(name));
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** @throws FileError and UnsupportedError as `decodeTorchFile`. */
export function openZipFile(bytes: Uint8Array, options: OpenTorchFileOptions): OpenedTorchFile {
  const { source, structureMemory, tensorMemory } = options;
  const entries = listZipEntries(bytes, source, structureMemory);
  const folder = findFolder(entries, source);
  const read = (name: string, memory: MemoryBudget) => {
    const entry = entries.get(folder + name);
    return entry && readZipEntry(bytes, entry, { source, memory, mayLackChecksum: true });
  };
  assertLittleEndian(read('byteorder', structureMemory), source);
  const pickle = read('data.pkl', structureMemory)!;
  const host = createTorchHost({ source, memory: structureMemory, storages: new Map() });
  const { value } = unpickle(pickle, { source, host, memory: structureMemory });
  return {
    root: value,
    pickleSize: pickle.length,
    findStorage: ({ key, count }, itemBytes) => {
      const entry = entries.get(`${folder}data/${key}`);
      if (entry?.size !== count * itemBytes) {
        const found = entry ? `${entry.size}` : 'none';
        throw new FileError(source, `its storage ${key}: expected ${count * itemBytes} bytes, got ${found}`);
      }
      return readZipEntry(bytes, entry, { source, memory: tensorMemory, mayLackChecksum: true });
    },
  };
}

/** The folder that everything lies in, with its slash. */
function findFolder(entries: ReadonlyMap<string, ZipEntry>, source: string): string {
  const pickles = [...entries.keys()].filter((name) => pickleName.test(name));
  if (pickles.length !== 1) {
    throw new FileError(source, `not a PyTorch file: expected one data.pkl in the archive, got ${pickles.length}`);
  }
  const folder = pickles[0]!.replace(/data\.pkl$/, '');
  if (!entries.has(`${folder}constants.pkl`)) return folder;
  throw new UnsupportedError(`${source}: holds a TorchScript program; save its state_dict() with torch.save instead`);
}

/** Files without the entry come from PyTorch before 2.1, and from little-endian machines but for a few. */
function assertLittleEndian(byteOrder: Uint8Array | undefined, source: string): void {
  if (!byteOrder || new TextDecoder().decode(byteOrder) === 'little') return;
  throw new UnsupportedError(
    `${source}: expected little-endian data; load it in PyTorch and save it on another machine`,
  );
}
