// The arrays that packages exchange: images and per-pixel maps, as ndarray views over typed arrays.
import type { NdArray } from 'ndarray';

/** H&E image, `[height, width, 3]`, uint8, RGB. */
export type RgbImage = NdArray<Uint8Array>;

/** Instance ids, `[height, width]`, int32; 0 is background, every nucleus has one positive id. Ids may have gaps. */
export type LabelMap = NdArray<Int32Array>;

/** Class ids, `[height, width]`, uint8; 0 is background. At most 128 classes, as the network's type branch. */
export type TypeMap = NdArray<Uint8Array>;

/** An image and its labels, all of one height and width. */
export interface LabelledImage {
  readonly image: RgbImage;
  readonly instanceMap: LabelMap;
  readonly typeMap: TypeMap;
}

/** Horizontal (channel 0, along x) and vertical (channel 1, along y) distance maps, `[2, height, width]`, float32, −1…1. */
export type HoverMaps = NdArray<Float32Array>;

/**
 * What the network says of an image, before any activation: logits and regressions, channel first.
 * All three arrays share height and width.
 */
export interface RawMaps {
  /** Nucleus pixel logits, `[2, height, width]`, float32: background, foreground. */
  readonly np: NdArray<Float32Array>;
  /** HoVer regression, `[2, height, width]`, float32, about −1…1: horizontal, vertical. */
  readonly hv: HoverMaps;
  /** Nucleus class logits, `[classes, height, width]`, float32, background first; absent without a type branch. */
  readonly nc?: NdArray<Float32Array> | undefined;
}
