// A segmented nucleus and the result of segmenting an image.
import type { LabelMap, TypeMap } from './maps.js';

/** Pixel position (x = column, y = row); the origin is the centre of the top-left pixel. */
export type Point = readonly [x: number, y: number];

/** Half-open pixel box [x0, y0, x1, y1): x1 and y1 are one past the last column and row. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** One nucleus. */
export interface Nucleus {
  /** Its id in the label map, ≥ 1. */
  readonly id: number;
  readonly box: Box;
  /** Mean of its pixel coordinates, exact. */
  readonly centroid: Point;
  /** Outer border, 8-connected, from its first pixel in raster order down the left side (as OpenCV); straight runs compressed to their ends. */
  readonly contour: readonly Point[];
  /** Class id; 0 where only background was predicted inside it; null without a type branch. */
  readonly type: number | null;
  /** Share of its pixels that were given `type`, 0…1; null without a type branch. */
  readonly typeProbability: number | null;
}

/** What post-processing makes of raw maps. */
export interface Segmentation {
  readonly instanceMap: LabelMap;
  /** Class of each nucleus painted on its pixels; null without a type branch. */
  readonly typeMap: TypeMap | null;
  /** Ascending by id; one for every id of `instanceMap`. */
  readonly nuclei: readonly Nucleus[];
}

/** A class of nuclei: its id in type maps, its name, and the colour it is drawn in. */
export interface NucleusClass {
  readonly id: number;
  readonly name: string;
  /** sRGB, 0…255 each. */
  readonly color: readonly [red: number, green: number, blue: number];
}
