// Maps and images that come row by row, so that none has to be in memory as a whole.
import { ShapeError } from '@hovernet/core';

/** Chunks of whole rows, top to bottom; a chunk may be overwritten once the next is asked for. */
export type MapRows<T extends Int32Array | Uint8Array> = AsyncIterable<T> | Iterable<T>;

/**
 * Passes `rows` on, and counts them.
 * @throws ShapeError for a chunk that is no whole number of rows, and unless `height` rows come.
 */
export async function* checkRows<T extends Int32Array | Uint8Array>(
  operation: string,
  rows: MapRows<T>,
  { width, height, channels = 1 }: { readonly width: number; readonly height: number; readonly channels?: number },
): AsyncGenerator<T, void, undefined> {
  const rowLength = width * channels;
  let elements = 0;
  for await (const chunk of rows) {
    elements += chunk.length;
    if (chunk.length % rowLength !== 0 || elements > height * rowLength) break;
    yield chunk;
  }
  if (elements !== height * rowLength)
    throw new ShapeError(operation, `${height} rows of ${rowLength} elements`, `${elements} elements`);
}
