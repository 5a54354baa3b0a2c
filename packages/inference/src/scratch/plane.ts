// A plane of pixels in scratch space, read and written in boxes.
import type { Box } from '@hovernet/core';
import type { ScratchFile } from './scratch.js';

/** `[height, width]` pixels of some bytes each, 0 at first. */
export interface Plane {
  /** The bytes of `box` in C order. */
  read(box: Box): Promise<Uint8Array<ArrayBuffer>>;
  write(box: Box, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface PlaneOptions {
  readonly width: number;
  readonly bytesPerPixel: number;
  /** Where the first pixel lies in the file. @default 0 */
  readonly offset?: number;
}

/** A plane in `file`, which it closes. */
export function createPlane(file: ScratchFile, { width, bytesPerPixel, offset = 0 }: PlaneOptions): Plane {
  /** Offset in the file, and in the box' bytes, of each piece that lies in one; full rows are one piece. */
  function* listPieces([x0, y0, x1, y1]: Box): Generator<readonly [from: number, at: number, length: number]> {
    const rowBytes = (x1 - x0) * bytesPerPixel;
    const isWhole = x1 - x0 === width;
    const pieces = isWhole ? 1 : y1 - y0;
    for (let piece = 0; piece < pieces; piece++) {
      const from = offset + ((y0 + piece) * width + x0) * bytesPerPixel;
      yield [from, piece * rowBytes, isWhole ? rowBytes * (y1 - y0) : rowBytes];
    }
  }
  return {
    async read(box) {
      const [x0, y0, x1, y1] = box;
      const bytes = new Uint8Array((x1 - x0) * (y1 - y0) * bytesPerPixel);
      for (const [from, at, length] of listPieces(box)) await file.read(bytes.subarray(at, at + length), from);
      return bytes;
    },
    async write(box, bytes) {
      for (const [from, at, length] of listPieces(box)) await file.write(bytes.subarray(at, at + length), from);
    },
    close: () => file.close(),
  };
}
