// Programs have fixed shapes: one executable for every size of batch that occurs, compiled when it first does.
import type { Executable } from './program.js';

/** What a program is compiled for: square windows in a batch. */
export interface BatchSize {
  readonly batchSize: number;
  readonly windowPx: number;
}

export interface ExecutableCache {
  get(size: BatchSize): Promise<Executable>;
  /** Frees all executables. */
  dispose(): Promise<void>;
}

/** A cache over `compile`, which is called once for each size. */
export function createExecutableCache(compile: (size: BatchSize) => Promise<Executable>): ExecutableCache {
  const executables = new Map<string, Promise<Executable>>();
  return {
    get(size) {
      const key = `${size.batchSize}×${size.windowPx}`;
      const known = executables.get(key);
      if (known) return known;
      const executable = compile(size);
      executables.set(key, executable);
      return executable;
    },
    async dispose() {
      for (const executable of executables.values()) await (await executable).dispose();
      executables.clear();
    },
  };
}
