// Slides: pictures of any size, stored at several resolutions.
import type { Box, RgbImage } from '@hovernet/core';

/** One resolution of a slide. */
export interface SlideLevel {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels of level 0 that one pixel is as long as; 1 for level 0. */
  readonly downsample: number;
  /** Width and height of the pieces that the file stores. */
  readonly tilePx: readonly [width: number, height: number];
}

/** An open slide. */
export interface SlideReader {
  /** Path, address or name that errors give. */
  readonly name: string;
  readonly format: SlideFormat;
  /** Who made the scanner or the file, as far as the file says; null where it does not. */
  readonly vendor: string | null;
  /** From the largest to the smallest; at least one. */
  readonly levels: readonly SlideLevel[];
  /** Micrometres per pixel of level 0 along x and y; null where the file states none from 0.05 to 10 µm. */
  readonly mpp: readonly [x: number, y: number] | null;
  /** Names of the pictures beside the levels, for example `label`, `macro`, `thumbnail`. */
  readonly associated: readonly string[];
  /**
   * The pixels inside `box`, in the pixels of that level, uint8 `[height, width, 3]`; white outside the level and where the slide
   * has no pixels.
   * @throws ArgumentError for a level or a box that is none; FileError where the file is damaged or ends early;
   * UnsupportedError for a coding that is not read; what aborted `signal`.
   */
  readRegion(level: number, box: Box, signal?: AbortSignal): Promise<RgbImage>;
  /** The whole picture of that name. Throws as `readRegion`; ArgumentError for a name that is not in `associated`. */
  readAssociated(name: string, signal?: AbortSignal): Promise<RgbImage>;
  /** Frees file and memory. */
  close(): Promise<void>;
}

/** What a file is; `openslide` is read by the OpenSlide library. */
export type SlideFormat = 'svs' | 'tiff' | 'ome-tiff' | 'dicom' | 'png' | 'jpeg' | 'npy';

export interface OpenSlideOptions {
  /** Most bytes of decoded tiles that are kept. @default 64 MiB */
  readonly cacheBytes?: number;
  /** Aborts the opening. @default none */
  readonly signal?: AbortSignal;
}
