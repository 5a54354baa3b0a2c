// How much memory one file may take beside its own bytes, so that a small file cannot fill it.
import { FileError } from '@hovernet/core';

/** Counts what is about to be allocated. */
export class MemoryBudget {
  private left: number;

  /** `purpose` says in the error what takes `limit` bytes: `its tensors`. */
  constructor(
    private readonly source: string,
    private readonly purpose: string,
    private readonly limit: number,
  ) {
    this.left = limit;
  }

  /** Notes that `bytes` more are needed. @throws FileError if the limit is passed. */
  take(bytes: number): void {
    this.left -= bytes;
    if (this.left >= 0) return;
    throw new FileError(
      this.source,
      `${this.purpose} would take more than ${this.limit} bytes; give a larger maxBytes if you trust the file`,
    );
  }
}
