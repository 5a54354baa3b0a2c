// Downloads a file in as many attempts as it takes, each going on where the last one broke off.
import { HovernetError } from '@hovernet/core';
import { defaultIdleTimeoutMs, startAttempt, type Attempt } from './attempt.js';
import { DownloadError } from './download-error.js';
import type { DownloadSink, FileVersion } from './download-sink.js';
import { readAnswer } from './read-answer.js';
import type { WeightAddress } from './weight-address.js';

export interface DownloadProgress {
  /** Bytes that are there, those of earlier attempts included. */
  readonly receivedBytes: number;
  /** Undefined where the server does not tell. */
  readonly totalBytes: number | undefined;
}

export interface DownloadOptions {
  /** Asks the server; for proxies and tests. @default the global fetch */
  readonly fetch?: typeof fetch;
  /** Largest file that is accepted. @default 1 GiB */
  readonly maxBytes?: number;
  /** Attempts after one that brought next to nothing; one that brought more counts anew, up to 100 attempts. @default 4 */
  readonly retries?: number;
  /** Pause before the second attempt; it doubles up to 30 s, unless the server names another. @default 500 */
  readonly retryDelayMs?: number;
  /** An attempt that brings nothing for so long, or next to nothing for ten times as long, has failed. @default 30000 */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** The paper's network takes 151 MB, with the state of its training three times as much. */
export const defaultMaxBytes = 2 ** 30;

const longestDelayMs = 30_000;
const maxAttempts = 100;
/** How much more than ever before is progress: a hundredth of the file, and never more than this. */
const progressBytes = 2 ** 16;
const stallFactor = 10;

/**
 * Fills `sink` with the file at `address`. Where the server supports ranges and the file is still the same one (its ETag, or
 * its Last-Modified where there is no ETag), only what is missing is asked for.
 * @throws DownloadError when the server refuses, the file is too large, or attempts bring nothing; HovernetError
 * `INTERRUPTED` on abort; whatever `sink` throws. What has arrived stays in the sink.
 */
export async function download(address: WeightAddress, sink: DownloadSink, options: DownloadOptions): Promise<void> {
  const { retries = 4, retryDelayMs = 500, signal } = options;
  let most = sink.bytes;
  for (let failures = 0, attempts = 1; ; attempts++) {
    assertNotAborted(address, signal);
    try {
      return await tryOnce(address, sink, options);
    } catch (error) {
      assertNotAborted(address, signal);
      if (!(error instanceof DownloadError) || !error.isTransient) throw error;
      const hasProgress = sink.bytes >= most + progressOf(sink.version?.totalBytes);
      failures = hasProgress ? 1 : failures + 1;
      if (failures > retries || attempts === maxAttempts) throw error;
      most = Math.max(most, sink.bytes);
      const delayMs = error.retryAfterMs ?? retryDelayMs * 2 ** (failures - 1);
      await pause(Math.min(delayMs, longestDelayMs), signal);
    }
  }
}

async function tryOnce(address: WeightAddress, sink: DownloadSink, options: DownloadOptions): Promise<void> {
  const attempt = startAttempt(options);
  try {
    const kept = sink.bytes > 0 && validatorOf(sink.version) !== undefined ? sink : undefined;
    const { fetch = globalThis.fetch } = options;
    const request = fetch(address.url, { headers: requestHeaders(address, kept), signal: attempt.signal });
    const response = await attempt.settle(address.shown, request);
    const answer = readAnswer(address, response, kept);
    if (answer.kind === 'complete') return;
    if (answer.kind === 'changed') {
      await sink.restart({});
      throw new DownloadError(address.shown, 'the file changed during the download', { isTransient: true });
    }
    assertSize(address, answer.version.totalBytes ?? 0, options.maxBytes);
    if (answer.kind === 'whole') await sink.restart(answer.version);
    await receive(response.body!, sink, { ...options, address, attempt, totalBytes: answer.version.totalBytes });
  } finally {
    attempt.end();
  }
}

/** Asks for what is missing after `kept`, or for the whole file. */
function requestHeaders(
  { authorization }: WeightAddress,
  kept: Pick<DownloadSink, 'bytes' | 'version'> | undefined,
): Record<string, string> {
  return {
    // Compressed answers have another length and cannot be continued.
    'accept-encoding': 'identity',
    ...(authorization !== undefined && { authorization }),
    ...(kept && { range: `bytes=${kept.bytes}-`, 'if-range': validatorOf(kept.version)! }),
  };
}

interface Reception extends DownloadOptions {
  readonly address: WeightAddress;
  readonly attempt: Attempt;
  readonly totalBytes: number | undefined;
}

/** Writes what comes until all is there. */
async function receive(body: ReadableStream<Uint8Array>, sink: DownloadSink, reception: Reception): Promise<void> {
  const { address, attempt, totalBytes, maxBytes = defaultMaxBytes, onProgress } = reception;
  const reader = body.getReader();
  const stallMs = stallFactor * (reception.idleTimeoutMs ?? defaultIdleTimeoutMs);
  let [markBytes, markMs] = [sink.bytes, performance.now()];
  for (;;) {
    onProgress?.({ receivedBytes: sink.bytes, totalBytes });
    const { done, value } = await attempt.settle(address.shown, reader.read());
    if (done) break;
    const bytes = sink.bytes + value.length;
    // What is too much is of no use later.
    if (bytes > maxBytes) await sink.restart({});
    assertSize(address, bytes, maxBytes);
    await sink.write(value);
    const elapsedMs = performance.now() - markMs;
    if (sink.bytes >= markBytes + progressOf(totalBytes)) [markBytes, markMs] = [sink.bytes, performance.now()];
    else if (elapsedMs > stallMs) throw stalled(address, sink.bytes - markBytes, elapsedMs);
  }
  if (totalBytes === undefined || sink.bytes === totalBytes) return;
  const problem = `expected ${totalBytes} bytes, got ${sink.bytes} before the connection ended`;
  if (sink.bytes > totalBytes) await sink.restart({});
  throw new DownloadError(address.shown, problem, { isTransient: true });
}

function progressOf(totalBytes: number | undefined): number {
  return Math.max(1, Math.min(progressBytes, Math.ceil((totalBytes ?? Infinity) / 100)));
}

function stalled({ shown }: WeightAddress, bytes: number, elapsedMs: number): DownloadError {
  const problem = `only ${bytes} bytes came in ${(elapsedMs / 1000).toFixed(0)} s; check the network`;
  return new DownloadError(shown, problem, { isTransient: true });
}

/** What `If-Range` may hold by RFC 9110: a strong ETag, or a date where there is no ETag at all. */
function validatorOf(version: FileVersion | undefined): string | undefined {
  if (version?.etag === undefined) return version?.lastModified;
  return version.etag.startsWith('W/') ? undefined : version.etag;
}

function assertSize(address: WeightAddress, bytes: number, maxBytes = defaultMaxBytes): void {
  if (bytes <= maxBytes) return;
  throw new DownloadError(
    address.shown,
    `expected at most ${maxBytes} bytes, got ${bytes} or more; check the address, or raise maxBytes`,
  );
}

function assertNotAborted({ shown }: WeightAddress, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new HovernetError('INTERRUPTED', `${shown}: interrupted`, { cause: signal.reason });
}

/** Waits, or ends early on abort; the caller looks at the signal. */
export function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    signal?.addEventListener('abort', end);
  });
}
