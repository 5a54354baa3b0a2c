// A file on a server, read by HTTP range requests (RFC 9110, 14.2). Works in Node and in a page.
import { FileError, UnsupportedError } from '@hovernet/core';
import { assertInside, type ByteSource } from './byte-source.js';

/** A server that does not answer ranges is asked for the whole file where it is not larger. */
const largestWhole = 2 ** 28;
/** A request that takes longer has failed. */
const timeoutMs = 60_000;

/**
 * The file at `address`.
 * @throws FileError where the server cannot be reached, refuses, or says no size; UnsupportedError for a file of more than 256 MiB on
 * a server without range requests.
 */
export async function openHttpSource(address: string, signal?: AbortSignal): Promise<ByteSource> {
  const response = await request(address, [0, 1], signal);
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (response.status !== 206) return readWhole(response, address);
  await response.arrayBuffer();
  if (total === undefined) throw new FileError(address, 'the server does not say how large the file is; download it');
  const size = Number(total);
  const tag = response.headers.get('etag');
  return {
    name: address,
    size,
    async read(offset, length, readSignal) {
      assertInside({ name: address, size }, offset, length);
      if (length === 0) return new Uint8Array(0);
      const part = await request(address, [offset, offset + length], readSignal);
      if (part.headers.get('etag') !== tag) throw new FileError(address, 'the file changed while it was read');
      const bytes = new Uint8Array(await part.arrayBuffer());
      if (part.status === 206 && bytes.length === length) return bytes;
      throw new FileError(address, `the server gave ${bytes.length} bytes, expected ${length} from ${offset} on`);
    },
    close: () => Promise.resolve(),
  };
}

async function request(address: string, [start, end]: readonly [number, number], signal?: AbortSignal) {
  const timeout = AbortSignal.timeout(timeoutMs);
  const init = {
    headers: { range: `bytes=${start}-${end - 1}` },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  const response = await fetch(address, init).catch((cause: unknown) => {
    throw new FileError(address, `cannot be fetched (${String(cause)}); check the address`, { cause });
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new FileError(address, `the server answered ${response.status} ${response.statusText}`);
}

async function readWhole(response: Response, address: string): Promise<ByteSource> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = Number(response.headers.get('content-length') ?? 0);
  const reader = response.body?.getReader();
  for (let read = 0; reader;) {
    if (size > largestWhole) {
      await reader.cancel();
      throw new UnsupportedError(`${address}: its server does not answer range requests; download the file`);
    }
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    read += value.length;
    size = Math.max(size, read);
  }
  return createBytesSource(new Uint8Array(await new Blob(chunks).arrayBuffer()), address);
}

/** A source over bytes in memory. */
export function createBytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => {
      try {
        assertInside({ name, size: bytes.length }, offset, length);
      } catch (error) {
        return Promise.reject(error as Error);
      }
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
    close: () => Promise.resolve(),
  };
}
