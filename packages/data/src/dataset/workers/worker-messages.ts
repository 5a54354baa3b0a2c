// What the calling thread and a worker thread tell each other.
import type { RandomState } from '@hovernet/core';
import type { PackedError } from './packed-error.js';
import type { PackedValue } from './packed-value.js';

/** The module whose `createRecipe` a worker calls, and with what. */
export interface WorkerStart {
  /** Address of the module. */
  readonly module: string;
  readonly data: unknown;
}

/** Make sample `index`. */
export interface WorkerRequest {
  readonly id: number;
  readonly index: number;
  readonly random: { readonly seed: number; readonly words: RandomState };
  /** The input in memory that all threads see, where it was kept. */
  readonly input: PackedValue | undefined;
  /** Whether to hand over the input for keeping. */
  readonly keep: boolean;
}

export type WorkerAnswer =
  /** The recipe is there. */
  | { readonly kind: 'ready'; readonly length: number }
  /** It could not be made. */
  | { readonly kind: 'refused'; readonly error: PackedError }
  | {
      readonly kind: 'made';
      readonly id: number;
      readonly sample: PackedValue;
      /** The input in shared memory, where it was asked for. */
      readonly input: { readonly value: PackedValue; readonly bytes: number } | undefined;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PackedError };
