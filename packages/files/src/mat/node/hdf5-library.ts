// The HDF5 library: h5wasm, an optional package, loaded when the first file needs it.
import { closeSync, openSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { FileError, HovernetError } from '@hovernet/core';
import type * as hdf5 from 'h5wasm/node';
import { importPeer } from '../../node/import-peer.js';
import { runWithin } from '../../node/run-within.js';
import { createFileBudget, type MemoryBudget, type ReadLimits } from '../../memory-budget.js';
import { toFileError } from '../../node/to-file-error.js';
import { Hdf5File, type Hdf5Module } from './hdf5-file.js';

const peer = { name: 'h5wasm', version: '0.10.3', purpose: 'MAT v7.3 files (HDF5)' };
/** What the library may take for a file, and for each of its bytes besides: damaged ones can make it turn in circles. */
const defaultTime = { leastMs: 60_000, msPerByte: 1e-3 };

let instances = 0;
let current: Promise<Hdf5Module> | undefined;

/**
 * Calls `read` with the HDF5 file at `path`, open for reading as long as it runs.
 * @throws UnsupportedError if h5wasm is not installed; FileError naming the file if it is damaged, or the library does not come
 * to an end; what `read` throws.
 */
export async function withHdf5File<T extends object>(
  path: string,
  limits: ReadLimits,
  read: (file: Hdf5File) => T,
): Promise<T> {
  try {
    return await readWithLibrary(path, limits, read);
  } catch (error) {
    // It may have run out of memory over the files before; a new instance has not.
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  }
  try {
    return await readWithLibrary(path, limits, read);
  } catch (cause) {
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
    throw new FileError(path, `truncated or damaged HDF5 file (${cause.message}); copy or save it again`, { cause });
  }
}

/** Throws as {@link withHdf5File}, and WebAssembly.RuntimeError where the library ends itself. */
async function readWithLibrary<T extends object>(
  path: string,
  limits: ReadLimits,
  read: (file: Hdf5File) => T,
): Promise<T> {
  current ??= importPeer(loadModule, peer, path);
  const module = await current.catch((error: unknown) => {
    current = undefined;
    throw error;
  });
  const fileBytes = sizeOf(path);
  const budget = createFileBudget(path, fileBytes, limits);
  const timeoutMs = Math.ceil(limits.timeoutMs ?? defaultTime.leastMs + fileBytes * defaultTime.msPerByte);
  const damaged = (reason: string, cause?: unknown) =>
    new FileError(path, `truncated or damaged HDF5 file (${reason}); copy or save it again`, { cause });
  return withoutComplaints(module, damaged, () =>
    withoutOtherFiles(module, path, () => {
      const result = runWithin(timeoutMs, () => {
        try {
          return readOnce(module, { path, budget, damaged }, read);
        } catch (error) {
          if (error instanceof WebAssembly.RuntimeError) abandon(module);
          throw error;
        }
      });
      if (result !== undefined) return result;
      abandon(module);
      throw damaged(`reading it takes more than ${timeoutMs} ms`);
    }),
  );
}

interface OpenFile {
  readonly path: string;
  readonly budget: MemoryBudget;
  readonly damaged: (reason: string, cause?: unknown) => FileError;
}

function readOnce<T>(module: Hdf5Module, { path, budget, damaged }: OpenFile, read: (file: Hdf5File) => T): T {
  const id = module.open(path, module.H5F_ACC_RDONLY, false, -1, -1);
  if (id < 0n) throw damaged('it cannot be opened');
  try {
    return read(new Hdf5File(module, id, budget));
  } catch (cause) {
    if (cause instanceof HovernetError || cause instanceof WebAssembly.RuntimeError) throw cause;
    throw damaged(cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    module.close_file(id);
  }
}

async function loadModule(): Promise<Hdf5Module> {
  // The package keeps one instance; under another address it is another module to Node, with an instance of its own.
  const library =
    instances === 0
      ? await import('h5wasm/node')
      : ((await import(`${import.meta.resolve('h5wasm/node')}?instance=${instances}`)) as typeof hdf5);
  instances++;
  return library.ready;
}

/** Closes what a stopped instance holds open; what else it was doing is unknown, so it is not used again. */
function abandon(module: Hdf5Module): void {
  for (const stream of streamsOf(module).slice(3)) if (stream) closeSync(stream.nfd);
  current = undefined;
}

interface LibraryFiles {
  streams: ({ nfd: number } | null)[];
  open(path: string, flags: number, ...others: unknown[]): unknown;
  readonly ErrnoError: new (code: number) => Error;
}

/** WASI's code for a file that is not there. */
const noEntry = 44;
/** Of `open`, for folders. */
const directoryFlag = 0o200000;

/**
 * Runs `action` while the library can open nothing but `path`, and throws if it tried to: links, external storage and virtual
 * datasets may name any file of this machine, a pipe too, which would never end.
 */
function withoutOtherFiles<T>(module: Hdf5Module, path: string, action: () => T): T {
  const files = filesOf(module);
  const { open } = files;
  let refused: string | undefined;
  files.open = (name, flags, ...others) => {
    if (name === path) return open.call(files, name, flags, ...others);
    // It looks for its own plugins where a filter is unknown.
    if ((flags & directoryFlag) === 0) refused ??= name;
    throw new files.ErrnoError(noEntry);
  };
  const other = (cause?: unknown) =>
    new FileError(path, `refers to another file, ${refused}, which is not read; copy its data into one file`, {
      cause,
    });
  try {
    const result = action();
    if (refused !== undefined) throw other();
    return result;
  } catch (cause) {
    throw refused === undefined ? cause : other(cause);
  } finally {
    files.open = open;
  }
}

function filesOf(module: Hdf5Module): LibraryFiles {
  return (module as unknown as { FS: LibraryFiles }).FS;
}

function streamsOf(module: Hdf5Module): ({ nfd: number } | null | undefined)[] {
  return filesOf(module).streams;
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
  const stream = streamsOf(module)[2]!;
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
