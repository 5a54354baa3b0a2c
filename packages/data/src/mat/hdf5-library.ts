// The HDF5 library: h5wasm, an optional package, loaded when the first file needs it.
import { closeSync, openSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { FileError, HovernetError } from '@hovernet/core';
import type * as hdf5 from 'h5wasm/node';
import { importPeer } from '../files/import-peer.js';
import { MemoryBudget, type ReadLimits } from '../files/memory-budget.js';
import { toFileError } from '../files/to-file-error.js';
import { Hdf5File } from './hdf5-file.js';

export type Hdf5Module = Awaited<typeof hdf5.ready>;

const peer = { name: 'h5wasm', version: '0.10.3', purpose: 'MAT v7.3 files (HDF5)' };

/**
 * Calls `read` with the HDF5 file at `path`, open for reading as long as it runs.
 * @throws UnsupportedError if h5wasm is not installed; FileError naming the file if it is damaged; what `read` throws.
 */
export async function withHdf5File<T>(path: string, limits: ReadLimits, read: (file: Hdf5File) => T): Promise<T> {
  const { ready } = await importPeer(() => import('h5wasm/node'), peer, path);
  const module = await ready;
  const budget = new MemoryBudget(path, sizeOf(path), limits);
  const damaged = (reason: string, cause?: unknown) =>
    new FileError(path, `truncated or damaged HDF5 file (${reason}); copy or save it again`, { cause });
  return withoutComplaints(module, damaged, () => {
    const id = module.open(path, module.H5F_ACC_RDONLY, false, -1, -1);
    if (id < 0n) throw damaged('it cannot be opened');
    try {
      return read(new Hdf5File(module, id, budget));
    } catch (cause) {
      if (cause instanceof HovernetError) throw cause;
      throw damaged(cause instanceof Error ? cause.message : String(cause), cause);
    } finally {
      module.close_file(id);
    }
  });
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (cause) {
    throw toFileError(path, cause);
  }
}

/**
 * Runs `action` while standard error goes nowhere, and throws if anything was written to it. The library prints a stack of
 * calls for each that fails, past Node's streams, and says so in no other way where it lists names; and it warns through the
 * console of names that are no UTF-8.
 */
function withoutComplaints<T>(module: Hdf5Module, damaged: (reason: string) => FileError, action: () => T): T {
  const { FS } = module as unknown as { FS: { getStream(fd: number): { nfd: number } } };
  const stream = FS.getStream(2);
  const { nfd } = stream;
  const { write } = process.stderr;
  const sink = openSync(devNull, 'w');
  let hasComplained = false;
  const complain = (): true => (hasComplained = true);
  const descriptor = { configurable: true, enumerable: true };
  Object.defineProperty(stream, 'nfd', { ...descriptor, get: () => complain() && sink });
  process.stderr.write = complain;
  let result: T;
  try {
    result = action();
  } finally {
    process.stderr.write = write;
    Object.defineProperty(stream, 'nfd', { ...descriptor, writable: true, value: nfd });
    closeSync(sink);
  }
  if (hasComplained) throw damaged('parts of it cannot be read');
  return result;
}
