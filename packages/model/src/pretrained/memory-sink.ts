// A download that is kept in memory. It begins anew after a failure: pages may rarely ask other servers for parts.
import type { DownloadSink } from './download-sink.js';

export interface MemorySink extends DownloadSink {
  /** Everything that was written. */
  read(): Uint8Array<ArrayBuffer>;
}

export function createMemorySink(): MemorySink {
  let buffer = new Uint8Array(0);
  let length = 0;
  return {
    get bytes() {
      return length;
    },
    version: undefined,
    restart({ totalBytes = 0 }) {
      buffer = new Uint8Array(totalBytes);
      length = 0;
      return Promise.resolve();
    },
    write(chunk) {
      if (length + chunk.length > buffer.length) {
        const larger = new Uint8Array(Math.max(2 * buffer.length, length + chunk.length));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(chunk, length);
      length += chunk.length;
      return Promise.resolve();
    },
    read: () => buffer.subarray(0, length),
  };
}
