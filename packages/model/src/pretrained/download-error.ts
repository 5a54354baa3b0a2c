// Why a file could not be had from the network.
import { HovernetError } from '@hovernet/core';

/** What is known beside the message. */
export interface DownloadFailure {
  /** Status of the server's answer, where there was one. */
  readonly status?: number | undefined;
  /** Whether another attempt may succeed. */
  readonly isTransient?: boolean;
  /** How long the server asks to wait before another attempt. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** A download that failed; the code is `DOWNLOAD_FAILED`. */
export class DownloadError extends HovernetError {
  /** Without user name, password and query, which may be secret. */
  readonly address: string;
  readonly status: number | undefined;
  readonly isTransient: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(address: string, problem: string, failure: DownloadFailure = {}) {
    super('DOWNLOAD_FAILED', `${address}: ${problem}`, { cause: failure.cause });
    this.address = address;
    this.status = failure.status;
    this.isTransient = failure.isTransient ?? false;
    this.retryAfterMs = failure.retryAfterMs;
  }
}
