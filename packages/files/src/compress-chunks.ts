// Compression by the platform's own zlib, which browsers and Node have, outside this thread.

/** Smaller pieces are put together: the platform's first one is a header of two bytes. */
const leastBytes = 2 ** 16;

/**
 * The bytes that `chunks` come to in `format` (`deflate` is a zlib stream, `deflate-raw` one without header and checksum). The result depends on their bytes alone, not on
 * where one chunk ends. A chunk must not change once it was given.
 * @throws what `chunks` throws
 */
export async function* compressChunks(
  format: 'deflate' | 'deflate-raw' | 'gzip',
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>> | Iterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { readable, writable } = new CompressionStream(format);
  const reader = readable.getReader();
  let pieces: Uint8Array[] = [];
  let gathered = 0;
  const feeding = feed(writable.getWriter(), chunks);
  // Its failure is thrown below; the stream fails first.
  feeding.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(async (error: unknown) => {
        await feeding;
        throw error;
      });
      if (done) break;
      pieces.push(value);
      gathered += value.length;
      if (gathered < leastBytes) continue;
      yield joinChunks(pieces);
      [pieces, gathered] = [[], 0];
    }
    if (gathered > 0) yield joinChunks(pieces);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function feed(
  writer: WritableStreamDefaultWriter<BufferSource>,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>> | Iterable<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  try {
    for await (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

/** All of `pieces`, one after the other. */
export function joinChunks(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
