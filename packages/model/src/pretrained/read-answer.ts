// What a server's answer means for a download: the whole file, the rest of it, nothing more, another file, or a refusal.
import { DownloadError } from './download-error.js';
import type { DownloadSink, FileVersion } from './download-sink.js';
import type { WeightAddress } from './weight-address.js';

/** `rest`: what follows what was kept; `complete`: nothing more is to come; `changed`: what was kept is of another file. */
export type Answer =
  | { readonly kind: 'whole' | 'rest'; readonly version: FileVersion }
  | { readonly kind: 'complete' }
  | { readonly kind: 'changed' };

const transientStatus = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Reads status and headers. `kept` is what the request asked to continue; undefined if it asked for the whole file.
 * @throws DownloadError for refusals, and where an encrypted address led to an unencrypted one.
 */
export function readAnswer(
  address: WeightAddress,
  response: Response,
  kept: Pick<DownloadSink, 'bytes' | 'version'> | undefined,
): Answer {
  if (address.url.startsWith('https:') && response.url.startsWith('http:')) {
    throw new DownloadError(address.shown, 'expected https all the way, got a redirect to http; use another address');
  }
  const { status } = response;
  if (status === 200)
    return { kind: 'whole', version: isPlain(response) ? readVersion(response, readLength(response)) : {} };
  if (kept !== undefined && status === 206) return continueAt(kept, response);
  if (kept !== undefined && status === 416) {
    return readRange(response)?.total === kept.bytes ? { kind: 'complete' } : { kind: 'changed' };
  }
  throw new DownloadError(address.shown, `the server answered ${status}${remedyFor(status)}`, {
    status,
    isTransient: transientStatus.has(status),
    retryAfterMs: readRetryAfter(response),
  });
}

function continueAt(kept: Pick<DownloadSink, 'bytes' | 'version'>, response: Response): Answer {
  const range = readRange(response);
  const version = readVersion(response, range?.total);
  const fields = ['etag', 'lastModified', 'totalBytes'] as const;
  const isSame = fields.every((field) => {
    const [former, latter] = [kept.version?.[field], version[field]];
    return former === undefined || latter === undefined || former === latter;
  });
  return isSame && range?.start === kept.bytes ? { kind: 'rest', version } : { kind: 'changed' };
}

function readVersion({ headers }: Response, totalBytes: number | undefined): FileVersion {
  return {
    etag: headers.get('etag') ?? undefined,
    lastModified: headers.get('last-modified') ?? undefined,
    totalBytes,
  };
}

/** Length and parts of a compressed answer are not those of the file. */
function isPlain({ headers }: Response): boolean {
  return (headers.get('content-encoding') ?? 'identity') === 'identity';
}

function readLength({ headers }: Response): number | undefined {
  const length = headers.get('content-length') ?? '';
  return /^\d+$/.test(length) ? Number(length) : undefined;
}

function readRange({ headers }: Response): { readonly start: number; readonly total: number | undefined } | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (!match) return undefined;
  const [, start, total] = match;
  return { start: Number(start ?? NaN), total: total === '*' ? undefined : Number(total) };
}

/** Seconds; the other form, a date, needs a clock that agrees with the server's. */
function readRetryAfter({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after') ?? '';
  return /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

function remedyFor(status: number): string {
  if (status === 401 || status === 403) return '; it requires credentials, or refuses this file';
  if (status === 404 || status === 410) return '; check the address';
  return transientStatus.has(status) ? '; try again later' : '';
}
