// Images that are read in parts, from memory or from a file.
import { cropView, type Box, type RgbImage } from '@hovernet/core';

export interface ImageSource {
  readonly height: number;
  readonly width: number;
  /** The pixels inside `box`, which lies in the image; not to be written to. */
  read(box: Box): Promise<RgbImage>;
  /** Frees file and memory. */
  close(): Promise<void>;
}

/** A source over an image in memory. */
export function createMemorySource(image: RgbImage): ImageSource {
  const [height, width] = image.shape as [number, number];
  return {
    height,
    width,
    read: (box) => Promise.resolve(cropView(image, box)),
    close: () => Promise.resolve(),
  };
}
