// How much memory one file may take when it is read, so that a small file cannot fill it.
import { FileError } from '@hovernet/core';

/** What reading a file may take; the defaults are far above what files need that are not damaged. */
export interface ReadLimits {
  /** Most bytes that the file's arrays may take together. @default 64 times the file's size, 1 GiB at least */
  readonly maxBytes?: number;
  /** Longest time that MAT v7.3 files may take, which are read by a library of others. @default 1 min and 1 s for each MB */
  readonly timeoutMs?: number;
}

const leastDefault = 2 ** 30;
const defaultRatio = 64;

/** Counts what is about to be inflated or allocated. */
export class MemoryBudget {
  private left: number;

  /** `problem` says in the error of `source` what takes more than `limit` bytes. */
  constructor(
    readonly source: string,
    limit: number,
    private readonly problem: string,
  ) {
    this.left = limit;
  }

  /** Notes that `bytes` more are needed. @throws FileError if the limit is passed. */
  take(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0) throw new FileError(this.source, this.problem);
  }
}

/** What the arrays of a file of `fileBytes` may take; `source` names it in errors. */
export function createFileBudget(source: string, fileBytes: number, { maxBytes }: ReadLimits = {}): MemoryBudget {
  const problem = `its arrays take too much memory for a file of ${fileBytes} bytes; give a larger maxBytes if you trust it`;
  return new MemoryBudget(source, maxBytes ?? Math.max(leastDefault, defaultRatio * fileBytes), problem);
}
