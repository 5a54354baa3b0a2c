// The landscape that the watershed floods: valleys in the middle of nuclei.
import type { NdArray } from 'ndarray';
import { assertPlane, maskElements, planeSize, realElements, wrapPlane, type Float64Map, type Mask } from './planes.js';
import type { Rules } from './rules.js';
import { evenKernel, filterRows } from './separable-filter.js';

export interface ComputeDistanceMapOptions {
  /** Default of `smoothing`, and the edge: zeros beyond it for `monai`, reflected for `original`. @default 'monai' */
  readonly rules?: Rules;
  /**
   * Middle and right half of the symmetric kernel that smooths both directions.
   * @default 9 taps of a Gaussian with σ = 1 for `monai`, [½, ¼] for `original`
   */
  readonly smoothing?: readonly number[] | undefined;
}

/** ½ (erf((k + ½) / √2) − erf((k − ½) / √2)) for k = 0…4; not normalised, the nine taps sum to 0.9999932. */
const gaussian = [
  0.38292492254802624, 0.24173033745712885, 0.06059753594308187, 0.005977036246740619, 0.00022923140591080138,
];
const binomial = [0.5, 0.25];

/** `[height, width]`, float64, −1…0: the smoothed negative of how little border each pixel of the mask is. */
export function computeDistanceMap(
  border: NdArray<Float32Array>,
  mask: Mask,
  options: ComputeDistanceMapOptions = {},
): Float64Map {
  const [height, width] = planeSize('computeDistanceMap: mask', mask);
  assertPlane('computeDistanceMap: border', border, height, width);
  const inside = maskElements('computeDistanceMap', mask);
  const source = realElements(border);
  const isOriginal = options.rules === 'original';
  const kernel = evenKernel(options.smoothing ?? (isOriginal ? binomial : gaussian));
  const readDepth = (row: Float64Array, y: number): void => {
    let from = y * width;
    for (let x = 0; x < row.length; x++, from++) row[x] = inside[from] === 0 ? 0 : source[from]! - 1;
  };
  const distance = new Float64Array(height * width);
  filterRows(distance, readDepth, [height, width], {
    vertical: kernel,
    horizontal: kernel,
    border: isOriginal ? 'reflect' : 'zero',
  });
  return wrapPlane(distance, height, width);
}
