// Gaussian blur as the training transforms define it: pixel-integrated taps, not normalised, zeros around the image.
import ndarray, { type NdArray } from 'ndarray';
import { ArgumentError, assertRgbImage, createRgbImage, ShapeError, toContiguous, type RgbImage } from '@hovernet/core';

/** An RGB image between two steps, `[height, width, 3]`, float32, grey levels 0…255 (not clipped). */
export type FloatImage = NdArray<Float32Array>;

export interface SmoothOptions {
  /** Standard deviation along the rows' axis (vertically), pixels, above 0. */
  readonly sigmaRowsPx: number;
  /** Standard deviation along the columns' axis (horizontally), pixels, above 0. */
  readonly sigmaColumnsPx: number;
}

/**
 * Blurs each channel. The taps do not sum to 1 and the outside counts as 0, so that the border darkens: as MONAI's
 * GaussianSmooth. Sums in float64, rounded once. O(pixels · (σ rows + σ columns)).
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError unless both σ are positive.
 */
export function smoothGaussian(image: RgbImage, options: SmoothOptions): FloatImage {
  assertRgbImage('smoothGaussian', image);
  const rowTaps = gaussianTaps(options.sigmaRowsPx);
  const columnTaps = gaussianTaps(options.sigmaColumnsPx);
  const [height, width] = image.shape as [number, number];
  const source = toContiguous(image);
  const target = new Float32Array(source.length);
  const stride = width * 3;
  const rowTail = rowTaps.length >> 1;
  const margin = (columnTaps.length >> 1) * 3;
  // One row blurred vertically, with zeros at both ends that stand for the outside.
  const line = new Float64Array(stride + 2 * margin);
  for (let row = 0; row < height; row++) {
    line.fill(0, margin, margin + stride);
    for (let tap = 0; tap < rowTaps.length; tap++) {
      const from = row + tap - rowTail;
      if (from < 0 || from >= height) continue;
      const weight = rowTaps[tap]!;
      for (let i = 0, s = from * stride; i < stride; i++, s++) line[margin + i]! += weight * source[s]!;
    }
    for (let i = 0, t = row * stride; i < stride; i++, t++) {
      let sum = 0;
      for (let tap = 0, l = i; tap < columnTaps.length; tap++, l += 3) sum += columnTaps[tap]! * line[l]!;
      target[t] = sum;
    }
  }
  return ndarray(target, [height, width, 3]);
}

/**
 * Taps w(x) = max(½·[erf((x+½)/(σ√2)) − erf((x−½)/(σ√2))], 0) for x = −tail…tail, tail = ⌊max(4σ, ½) + ½⌋.
 */
function gaussianTaps(sigma: number): Float64Array {
  if (!(sigma > 0 && sigma < Infinity)) {
    throw new ArgumentError(`smoothGaussian: expected a positive standard deviation, got ${sigma}`);
  }
  const tail = Math.floor(Math.max(4 * sigma, 0.5) + 0.5);
  const scale = 1 / (sigma * Math.SQRT2);
  return Float64Array.from({ length: 2 * tail + 1 }, (_, index) => {
    const x = index - tail;
    return Math.max((errorFunction((x + 0.5) * scale) - errorFunction((x - 0.5) * scale)) / 2, 0);
  });
}

/**
 * erf(x) to about 1e-15: 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, whose terms all have the sign of x, so that nothing
 * cancels (Abramowitz and Stegun 7.1.6).
 */
export function errorFunction(x: number): number {
  if (Math.abs(x) >= 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/**
 * Clips to 0…255 and cuts the fraction off, as the cast between the filters and the colour steps of training.
 *
 * @throws ShapeError unless `image` is `[height, width, 3]`.
 */
export function truncateToUint8(image: FloatImage): RgbImage {
  const [height, width, channels] = image.shape as [number, number, number];
  if (image.dimension !== 3 || channels !== 3) {
    throw new ShapeError('truncateToUint8', '[height, width, 3]', `[${image.shape.join(', ')}]`);
  }
  const source = toContiguous(image);
  const output = new Uint8Array(source.length);
  for (let i = 0; i < output.length; i++) {
    const value = source[i]!;
    output[i] = value <= 0 ? 0 : value >= 255 ? 255 : value;
  }
  return createRgbImage(height, width, output);
}
