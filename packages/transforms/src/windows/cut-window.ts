// Copies one network input out of an image, as float32 planes between 0 and 1.
import { assertRgbImage, toContiguous, type RgbImage } from '@hovernet/core';
import { windowOrigin, type WindowPlan } from './plan-windows.js';

/** What surrounds the image: black, as MONAI's inferer, or the image mirrored without its edge pixel, as the original. */
export type WindowPadding = 'zero' | 'mirror';

/**
 * Writes window `index` of `plan` into `target` at `offset`: `[3, input, input]` float32, image / 255.
 * @throws ShapeError if `image` is not RGB.
 */
export function cutWindow(
  image: RgbImage,
  plan: WindowPlan,
  target: {
    readonly index: number;
    readonly planes: Float32Array;
    readonly offset: number;
    readonly padding?: WindowPadding;
  },
): void {
  assertRgbImage('cutWindow', image);
  const { planes, offset, padding = 'zero' } = target;
  const pixels = toContiguous(image);
  const [height, width] = image.shape as [number, number];
  const { input, output } = plan.size;
  const margin = (input - output) / 2;
  const origin = windowOrigin(plan, target.index);
  const columns = sourceIndices(origin.column - margin, input, width, padding);
  const rows = sourceIndices(origin.row - margin, input, height, padding);
  const area = input * input;
  for (let y = 0; y < input; y++) {
    const row = rows[y]!;
    let to = offset + y * input;
    for (let x = 0; x < input; x++, to++) {
      const column = columns[x]!;
      if (row < 0 || column < 0) {
        planes[to] = planes[to + area] = planes[to + 2 * area] = 0;
        continue;
      }
      const from = (row * width + column) * 3;
      planes[to] = pixels[from]! / 255;
      planes[to + area] = pixels[from + 1]! / 255;
      planes[to + 2 * area] = pixels[from + 2]! / 255;
    }
  }
}

/** For each of `count` positions from `start`, the index within `length` that it shows; −1 where it shows nothing. */
function sourceIndices(start: number, count: number, length: number, padding: WindowPadding): Int32Array {
  const period = Math.max(1, 2 * (length - 1));
  return Int32Array.from({ length: count }, (_, i) => {
    const position = start + i;
    if (position >= 0 && position < length) return position;
    if (padding === 'zero') return -1;
    const folded = ((position % period) + period) % period;
    return folded < length ? folded : period - folded;
  });
}
