// The pictures of one patch: its image with outlined nuclei, its HoVer maps, its classes.
import {
  createRgbImage,
  toChannelLast,
  toContiguous,
  type HoverMaps,
  type LabelMap,
  type NucleusClass,
  type RgbImage,
  type TypeMap,
} from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { divergingColor, mixColors, type Color } from './color-maps.js';

const white: Color = [255, 255, 255];
const black: Color = [0, 0, 0];
/** What is no nucleus in maps. */
const groundColor: Color = [225, 225, 225];
/** Nuclei of classes that the taxonomy does not name. */
const unnamedColor: Color = [128, 128, 128];

/** Colour of a class id. */
export type Palette = (type: number) => Color;

export function createPalette(classes: readonly NucleusClass[]): Palette {
  const colors = new Map<number, Color>(classes.map(({ id, color }) => [id, color]));
  return (type) => colors.get(type) ?? unnamedColor;
}

/** `[3, height, width]`, 0…1, as an image again. */
export function toRgbImage(planes: NdArray<Float32Array>): RgbImage {
  const [, height, width] = planes.shape as [number, number, number];
  const interleaved = toContiguous(toChannelLast(planes));
  return createRgbImage(
    height,
    width,
    Uint8Array.from(interleaved, (value) => Math.round(255 * value)),
  );
}

export interface Labels {
  readonly instanceMap: LabelMap;
  readonly typeMap: TypeMap;
}

/**
 * `image` with its nuclei outlined in the colours of their classes. A dashed frame shows the middle of `outputSize` pixels
 * that the network's output covers.
 */
export function drawImage(
  image: RgbImage,
  { instanceMap, typeMap }: Labels,
  { scale, outputSize, palette }: { readonly scale: number; readonly outputSize: number; readonly palette: Palette },
): RgbImage {
  const source = toContiguous(image);
  const types = toContiguous(typeMap);
  const outlines = findOutlines(instanceMap);
  const picture = paintPixels(image.shape, scale, (at) =>
    outlines[at] === 1 ? palette(types[at]!) : [source[3 * at]!, source[3 * at + 1]!, source[3 * at + 2]!],
  );
  drawFrame(picture, outputSize * scale);
  return picture;
}

/** Plane `channel` of `hover`: blue left of (or above) the centre of each nucleus, red right of (or below) it. */
export function drawHover(
  hover: HoverMaps,
  channel: 0 | 1,
  { foreground, scale }: { readonly foreground: TypeMap; readonly scale: number },
): RgbImage {
  const [, height, width] = hover.shape as [number, number, number];
  const values = toContiguous(hover).subarray(channel * height * width);
  const mask = toContiguous(foreground);
  return paintPixels([height, width], scale, (at) => (mask[at] === 0 ? groundColor : divergingColor(values[at]!)));
}

/** Nuclei in the colours of their classes, with darker outlines that keep touching ones apart. */
export function drawTypes({ instanceMap, typeMap }: Labels, scale: number, palette: Palette): RgbImage {
  const ids = toContiguous(instanceMap);
  const types = toContiguous(typeMap);
  const outlines = findOutlines(instanceMap);
  return paintPixels(instanceMap.shape, scale, (at) => {
    if (ids[at] === 0) return groundColor;
    const color = palette(types[at]!);
    return outlines[at] === 1 ? mixColors(color, black, 0.35) : mixColors(color, white, 0.45);
  });
}

/** A picture of `[height, width]` pixels, each a square of `scale` by `scale`, coloured by its index. */
function paintPixels(shape: readonly number[], scale: number, colorOf: (at: number) => Color): RgbImage {
  const [height, width] = shape as [number, number];
  const picture = createRgbImage(height * scale, width * scale);
  const stride = width * scale * 3;
  for (let y = 0; y < height; y++) {
    const start = y * scale * stride;
    for (let x = 0; x < width; x++) {
      const color = colorOf(y * width + x);
      for (let i = 0; i < scale; i++) picture.data.set(color, start + (x * scale + i) * 3);
    }
    for (let i = 1; i < scale; i++) picture.data.copyWithin(start + i * stride, start, start + stride);
  }
  return picture;
}

/** 1 for pixels of a nucleus beside a pixel that is not of it, above, below, left or right; else 0. */
function findOutlines(instanceMap: LabelMap): Uint8Array {
  const [height, width] = instanceMap.shape as [number, number];
  const ids = toContiguous(instanceMap);
  return Uint8Array.from(ids, (id, at) => {
    if (id === 0) return 0;
    const x = at % width;
    const inner =
      (x === 0 || ids[at - 1] === id) &&
      (x === width - 1 || ids[at + 1] === id) &&
      (at < width || ids[at - width] === id) &&
      (at >= (height - 1) * width || ids[at + width] === id);
    return inner ? 0 : 1;
  });
}

/** A line around the middle of `size` pixels, black and white in turn, to show on any ground; none around the whole. */
function drawFrame(picture: RgbImage, size: number): void {
  const [height, width] = picture.shape as [number, number];
  const [top, left] = [(height - size) >> 1, (width - size) >> 1];
  if (top <= 0 || left <= 0) return;
  const dashPx = 6;
  for (let i = 0; i < size; i++) {
    const color = i % (2 * dashPx) < dashPx ? black : white;
    for (const [x, y] of [
      [left + i, top],
      [left + i, top + size - 1],
      [left, top + i],
      [left + size - 1, top + i],
    ] as const) {
      picture.data.set(color, (y * width + x) * 3);
    }
  }
}
