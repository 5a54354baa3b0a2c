// Which samples a cache keeps: a share of them, as long as there is memory.
import { ArgumentError } from '@hovernet/core';

/** Which samples to keep in memory. */
export interface CacheLimits {
  /** Share of the samples to keep, the first ones, 0…1. @default 1 */
  readonly rate?: number;
  /** Most bytes of arrays to keep; samples beyond it are read each time. @default Infinity */
  readonly memoryLimitBytes?: number;
}

/** Counts what a cache keeps. */
export class CacheBudget {
  count = 0;
  bytes = 0;
  private readonly coveredLength: number;
  private readonly limit: number;
  private isFull = false;

  /** `length` is that of the data set. @throws ArgumentError if the rate is not in 0…1 */
  constructor(length: number, { rate = 1, memoryLimitBytes = Infinity }: CacheLimits) {
    if (!(rate >= 0 && rate <= 1)) throw new ArgumentError(`cache: expected a rate of 0 to 1, got ${rate}`);
    this.coveredLength = Math.floor(rate * length);
    this.limit = memoryLimitBytes;
  }

  /** Whether sample `index` is to be kept; none is once one did not fit. */
  wants(index: number): boolean {
    return index < this.coveredLength && !this.isFull;
  }

  /** Notes that a sample of `bytes` is kept; false where it does not fit. */
  take(bytes: number): boolean {
    if (this.bytes + bytes > this.limit) {
      this.isFull = true;
      return false;
    }
    this.count++;
    this.bytes += bytes;
    return true;
  }
}
