// Images that are read in parts: from memory, a file, a slide or a server.
import type { RgbImage } from './maps.js';
import type { Box, Point } from './nucleus.js';

/** An image of any size. */
export interface ImageSource {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Micrometres per pixel; null where unknown. */
  readonly mpp: number | null;
  /**
   * The pixels inside `box`, which lies in the image and is not empty; the caller must not write to them.
   * @throws FileError where the file is damaged or ends early; what aborted `signal`.
   */
  read(box: Box, signal?: AbortSignal): Promise<RgbImage>;
  /** Frees file and memory. */
  close(): Promise<void>;
}

/** A slide at one resolution. Its pixels do not depend on the boxes that they are read in. Boxes may leave it: it is white outside. */
export interface RegionSource extends ImageSource {
  readonly mpp: number;
  /** Position in the slide's own pixels, those of its largest level. */
  toSlide(point: Point): Point;
  /** False only where `box` surely shows no tissue. */
  hasTissue(box: Box): boolean;
}
