// Gaussian smoothing of a plane, as the kernels of MONAI's GaussianSmooth.
import { ArgumentError } from '@hovernet/core';
import type { Float64Map, RealMap } from './planes.js';
import { evenKernel, filterSeparable, type FilterSeparableOptions, type FoldedKernel } from './separable-filter.js';

export interface GaussianKernelOptions {
  /** Standard deviation. @default 1 */
  readonly sigmaPx?: number;
  /**
   * `erf`: the integral of the density over each pixel, not normalised (MONAI's default; nine taps of σ = 1 sum to 0.9999932).
   * `sampled`: the density at each pixel's centre, normalised. @default 'erf'
   */
  readonly approximation?: 'erf' | 'sampled';
  /** The kernel ends this many standard deviations from its middle, rounded to pixels. @default 4 */
  readonly truncated?: number;
}

export interface SmoothGaussianOptions extends GaussianKernelOptions {
  /** Beyond the edge of the plane. @default 'zero' */
  readonly border?: FilterSeparableOptions['border'];
}

/** `[height, width]`: `plane` smoothed in both directions, float64 sums. @throws ArgumentError as createGaussianKernel. */
export function smoothGaussian(plane: RealMap, options: SmoothGaussianOptions = {}): Float64Map {
  const kernel = createGaussianKernel(options);
  return filterSeparable(plane, { vertical: kernel, horizontal: kernel, border: options.border ?? 'zero' });
}

/** The kernel of {@link smoothGaussian}; its `half` is what `distanceSmoothing` takes. @throws ArgumentError unless σ > 0. */
export function createGaussianKernel(options: GaussianKernelOptions = {}): FoldedKernel {
  const { sigmaPx = 1, approximation = 'erf', truncated = 4 } = options;
  if (!(sigmaPx > 0 && sigmaPx < Infinity && truncated > 0 && truncated < Infinity)) {
    throw new ArgumentError(`createGaussianKernel: expected σ and its multiple > 0, got ${sigmaPx} and ${truncated}`);
  }
  const radius = Math.floor(Math.max(sigmaPx * truncated, 0.5) + 0.5);
  const taps = Array.from({ length: radius + 1 }, (_, k) =>
    approximation === 'erf' ? integrateDensity(k, sigmaPx) : Math.exp((-k * k) / (2 * sigmaPx * sigmaPx)),
  );
  if (approximation === 'erf') return evenKernel(taps);
  const sum = taps.reduce((total, tap, k) => total + (k === 0 ? tap : 2 * tap), 0);
  return evenKernel(taps.map((tap) => tap / sum));
}

/** ½ (erf((k + ½) / (√2 σ)) − erf((k − ½) / (√2 σ))), by Gauss–Legendre quadrature, to 1e-15 absolute. */
function integrateDensity(k: number, sigma: number): number {
  const nodes = [
    0.1252334085114689, 0.3678314989981802, 0.5873179542866175, 0.7699026741943047, 0.9041172563704749,
    0.9815606342467192,
  ];
  const weights = [
    0.2491470458134028, 0.2334925365383548, 0.2031674267230659, 0.1600783285433462, 0.1069393259953184,
    0.0471753363865118,
  ];
  // A pixel is many deviations wide where σ is small: it is cut into parts of at most a quarter.
  const parts = Math.max(4, Math.ceil(4 / sigma));
  const density = (t: number) => Math.exp((-t * t) / (2 * sigma * sigma));
  let sum = 0;
  for (let part = 0; part < parts; part++) {
    const middle = k - 0.5 + (part + 0.5) / parts;
    nodes.forEach((node, n) => {
      const offset = node / (2 * parts);
      sum += weights[n]! * (density(middle - offset) + density(middle + offset));
    });
  }
  return sum / (2 * parts * sigma * Math.sqrt(2 * Math.PI));
}
