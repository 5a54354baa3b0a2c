// Python's pickle format as far as torch.save uses it: a stack machine that makes plain values and runs nothing.
import { FileError } from '@hovernet/core';
import type { MemoryBudget } from '../../memory-budget.js';
import { operations, stopOperation } from './operations.js';
import { pickleBytes, PickleMachine, type PickleHost } from './pickle-machine.js';
import type { PickleValue } from './pickle-value.js';

/** A pickle's value, and the position after it. */
export interface Unpickled {
  readonly value: PickleValue;
  readonly end: number;
}

export interface UnpickleOptions {
  /** Where the pickle begins. @default 0 */
  readonly start?: number;
  /** Names the file in errors. */
  readonly source: string;
  readonly host: PickleHost;
  readonly memory: MemoryBudget;
}

/**
 * Reads one pickle; time and memory are linear in its length. Values may be shared, and may contain themselves.
 * @throws FileError where it is truncated, damaged, uses an operation that is not needed for weights, or takes too much memory;
 * whatever `host` throws.
 */
export function unpickle(bytes: Uint8Array, { start = 0, source, host, memory }: UnpickleOptions): Unpickled {
  const machine = new PickleMachine(bytes, start, source, host, memory);
  for (;;) {
    const code = machine.readUint8();
    if (code === stopOperation) return { value: machine.pop(), end: machine.position };
    const operation = operations.get(code);
    if (!operation) {
      const found = `operation 0x${code.toString(16).padStart(2, '0')} at byte ${machine.position - 1}`;
      throw new FileError(source, `damaged, or not a pickle of weights: ${found}; write the file with torch.save`);
    }
    memory.take(pickleBytes.value);
    operation(machine);
  }
}
