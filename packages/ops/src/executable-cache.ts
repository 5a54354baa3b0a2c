// Programs have fixed shapes: one executable for every size of batch that occurs, compiled when it first does.
import type { Executable } from './program.js';

/** What a program is compiled for: square windows in a batch. */
export interface BatchSize {
  readonly batchSize: number;
  readonly windowPx: number;
}

export interface ExecutableCache {
  /** @throws what compiling throws; the next call compiles again. */
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
      executable.catch(() => executables.delete(key));
      return executable;
    },
    async dispose() {
      const compiled = await Promise.allSettled(executables.values());
      executables.clear();
      for (const outcome of compiled) if (outcome.status === 'fulfilled') await outcome.value.dispose();
    },
  };
}
