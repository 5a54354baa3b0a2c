// A server of one file that can be made to behave as badly as real ones do.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does; may be changed between requests. */
export interface ServedFile {
  content: Uint8Array;
  etag?: string | undefined;
  lastModified?: string | undefined;
  /** Whether parts are served. @default true */
  ranges?: boolean;
  /** Whether a part of another version is served, against the standard. @default false */
  ignoresConditions?: boolean;
  /** Bytes after which the connection of each of the next requests breaks. @default none */
  cuts?: number[];
  /** Statuses with which the next requests are refused. @default none */
  refusals?: number[];
  headers?: Record<string, string>;
  /** Whether the length is told. @default true */
  tellsLength?: boolean;
  /** Pause after each 16 KiB. @default 0 */
  pauseMs?: number;
  /** Where a request for `/moved` is sent. */
  redirect?: string;
}

export interface SeenRequest {
  readonly url: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: string | undefined;
  /** Bytes of content that were written to the connection. */
  sentBytes: number;
}

export interface FileServer {
  readonly file: ServedFile;
  readonly requests: SeenRequest[];
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  close(): Promise<void>;
}

const blockBytes = 16_384;

export async function openFileServer(file: ServedFile): Promise<FileServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const seen: SeenRequest = {
      url: request.url!,
      range: request.headers.range,
      ifRange: request.headers['if-range'] as string | undefined,
      authorization: request.headers.authorization,
      sentBytes: 0,
    };
    requests.push(seen);
    void answer(file, request, { response, seen });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    file,
    requests,
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  file: ServedFile,
  request: IncomingMessage,
  { response, seen }: { readonly response: ServerResponse; readonly seen: SeenRequest },
): Promise<void> {
  const refusal = file.refusals?.shift();
  if (refusal !== undefined) return void response.writeHead(refusal, file.headers).end();
  if (request.url === '/moved') return void response.writeHead(302, { location: file.redirect }).end();
  const { content, etag, lastModified } = file;
  const asked = /^bytes=(\d+)-$/.exec(seen.range ?? '');
  const isSame = file.ignoresConditions === true || seen.ifRange === (etag ?? lastModified);
  const start = asked && (file.ranges ?? true) && isSame ? Number(asked[1]) : undefined;
  const common = {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { 'last-modified': lastModified }),
    ...file.headers,
  };
  if (start !== undefined && start >= content.length) {
    return void response.writeHead(416, { ...common, 'content-range': `bytes */${content.length}` }).end();
  }
  const body = content.subarray(start ?? 0);
  const length = file.tellsLength === false ? {} : { 'content-length': String(body.length) };
  const range = `bytes ${start ?? 0}-${content.length - 1}/${content.length}`;
  response.writeHead(start === undefined ? 200 : 206, {
    ...common,
    ...length,
    ...(start !== undefined && { 'content-range': range }),
  });
  await send(body.subarray(0, file.cuts?.shift()), file, { response, seen });
  if (seen.sentBytes < body.length) response.destroy();
  else response.end();
}

async function send(
  body: Uint8Array,
  file: ServedFile,
  { response, seen }: { readonly response: ServerResponse; readonly seen: SeenRequest },
): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += blockBytes) {
    const block = body.subarray(at, at + blockBytes);
    await new Promise((resolve) => response.write(block, resolve));
    seen.sentBytes += block.length;
    if (file.pauseMs) await new Promise((resolve) => setTimeout(resolve, file.pauseMs));
  }
}

/** Bytes that no part of which equals another, as far as a short test can tell. */
export function noiseBytes(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
