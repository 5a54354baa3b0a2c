// An image at another resolution: a triangle filter as wide as a pixel of the coarser grid, so that shrinking does not alias.
import { createRgbImage, toContiguous, type Box, type ImageSource, type RgbImage } from '@hovernet/core';

/**
 * `source` at `mpp` micrometres per pixel, at least 1×1 pixels. A pixel's value depends on its position alone, never on the
 * box that it is read in. Closing it closes `source`.
 */
export function resampleSource(source: ImageSource & { readonly mpp: number }, mpp: number): ImageSource {
  const width = Math.max(1, Math.round((source.width * source.mpp) / mpp));
  const height = Math.max(1, Math.round((source.height * source.mpp) / mpp));
  return {
    width,
    height,
    mpp,
    read: (box, signal) =>
      resampleBox(box, { from: [source.width, source.height], to: [width, height] }, (part) =>
        source.read(part, signal),
      ),
    close: () => source.close(),
  };
}

/** Width and height of a whole image before and after. */
export interface ImageScale {
  readonly from: readonly [width: number, height: number];
  readonly to: readonly [width: number, height: number];
}

/** The pixels inside `box` of an image at another scale; `read` gives those of the image before. */
export async function resampleBox(
  [x0, y0, x1, y1]: Box,
  { from, to }: ImageScale,
  read: (box: Box) => Promise<RgbImage>,
): Promise<RgbImage> {
  const columns = listTaps(x0, x1, from[0], to[0]);
  const rows = listTaps(y0, y1, from[1], to[1]);
  return filterImage(await read([columns.first, rows.first, columns.end, rows.end]), columns, rows);
}

/** Weights of the source's pixels in each pixel of a range of the resampled axis. */
interface AxisTaps {
  /** The source's pixels that are needed: from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
  /** For each pixel the first source pixel, counted from `first`. */
  readonly starts: Int32Array;
  /** `width` weights for each pixel, which add up to 1. */
  readonly weights: Float64Array;
  readonly width: number;
}

function listTaps(start: number, end: number, length: number, scaledLength: number): AxisTaps {
  const step = length / scaledLength;
  const reach = Math.max(1, step);
  const width = Math.min(length, Math.ceil(2 * reach) + 1);
  const count = end - start;
  const starts = new Int32Array(count);
  const weights = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    const centre = (start + i + 0.5) * step - 0.5;
    const from = Math.min(Math.max(0, Math.ceil(centre - reach)), length - width);
    starts[i] = from;
    let sum = 0;
    for (let tap = 0; tap < width; tap++) {
      const weight = Math.max(0, 1 - Math.abs(from + tap - centre) / reach);
      weights[i * width + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < width; tap++) weights[i * width + tap]! /= sum;
  }
  const first = starts[0]!;
  for (let i = 0; i < count; i++) starts[i]! -= first;
  return { first, end: first + starts[count - 1]! + width, starts, weights, width };
}

function filterImage(image: RgbImage, columns: AxisTaps, rows: AxisTaps): RgbImage {
  const pixels = toContiguous(image);
  const [sourceHeight, sourceWidth] = image.shape as [number, number];
  const [width, height] = [columns.starts.length, rows.starts.length];
  const stride = 3 * width;
  const between = new Float32Array(sourceHeight * stride);
  for (let y = 0; y < sourceHeight; y++) {
    for (let x = 0; x < width; x++) {
      let from = (y * sourceWidth + columns.starts[x]!) * 3;
      let [red, green, blue] = [0, 0, 0];
      for (let tap = x * columns.width; tap < (x + 1) * columns.width; tap++, from += 3) {
        const weight = columns.weights[tap]!;
        red += weight * pixels[from]!;
        green += weight * pixels[from + 1]!;
        blue += weight * pixels[from + 2]!;
      }
      between.set([red, green, blue], y * stride + 3 * x);
    }
  }
  const target = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < stride; i++) {
      let sum = 0;
      let from = rows.starts[y]! * stride + i;
      for (let tap = y * rows.width; tap < (y + 1) * rows.width; tap++, from += stride)
        sum += rows.weights[tap]! * between[from]!;
      target[y * stride + i] = Math.round(sum);
    }
  }
  return createRgbImage(height, width, target);
}
