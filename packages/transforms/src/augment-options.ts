// Which augmentations training uses and how strong they are; the defaults are the bundle's.
import type { BinomialSize } from './smooth-binomial.js';

/** Values are drawn uniformly between the two. */
export type Range = readonly [low: number, high: number];

export interface AugmentOptions {
  /**
   * Rotation in radians; false for none.
   * @default [-Math.PI, Math.PI]
   */
  readonly rotation?: Range | false;
  /**
   * Scale per axis, above 0; above 1 shrinks the content; false for none.
   * @default [0.8, 1.2]
   */
  readonly scale?: Range | false;
  /**
   * Shear per axis; false for none.
   * @default [-0.05, 0.05]
   */
  readonly shear?: Range | false;
  /**
   * Translation per axis in pixels; false for none.
   * @default [-6, 6]
   */
  readonly translatePx?: Range | false;
  /**
   * Probability of reversing the order of rows.
   * @default 0.5
   */
  readonly flipRows?: number;
  /**
   * Probability of reversing the order of columns.
   * @default 0.5
   */
  readonly flipColumns?: number;
  /**
   * Gaussian blur: standard deviation per axis in pixels. Of blur, median and noise each patch gets one, with equal
   * probability among those that are on; false for off.
   * @default [0.1, 1.1]
   */
  readonly smoothSigmaPx?: Range | false;
  /**
   * Gaussian blur by binomial kernels: sides of which one is chosen for each axis; false for off. One more of the filters.
   * @default false
   */
  readonly smoothSizesPx?: readonly BinomialSize[] | false;
  /**
   * Median: true for 3×3, or the odd sides in pixels of which one is chosen; false for off.
   * @default true
   */
  readonly median?: boolean | readonly number[];
  /**
   * Additive normal noise: standard deviation in grey levels (0…255); false for off.
   * @default [0, 0.05]
   */
  readonly noiseDeviation?: Range | false;
  /**
   * Probability that the three channels of a pixel get the same noise.
   * @default 0
   */
  readonly sharedNoise?: number;
  /**
   * Factor, 0 or more; false for off. The colour steps, this one and the next four, come in random order.
   * @default [0.9, 1.1]
   */
  readonly brightness?: Range | false;
  /**
   * Factor, 0 or more; false for off.
   * @default [0.95, 1.1]
   */
  readonly contrast?: Range | false;
  /**
   * Factor, 0 or more; false for off.
   * @default [0.8, 1.2]
   */
  readonly saturation?: Range | false;
  /**
   * Share of the colour circle, −0.5…0.5; false for off.
   * @default [-0.04, 0.04]
   */
  readonly hue?: Range | false;
  /**
   * Grey levels added to every value; false for off.
   * @default false
   */
  readonly brightnessShift?: Range | false;
  /**
   * Amounts of haematoxylin and eosin, before the colour steps; false for off.
   * @default false
   */
  readonly stain?: StainRanges | false;
  /**
   * Elastic deformation of image and labels, after affine map and mirrors; false for off.
   * @default false
   */
  readonly elastic?: ElasticRanges | false;
}

/** What `adjustStains` does; each of the three channels (haematoxylin, eosin, residual) draws its own values. */
export interface StainRanges {
  /**
   * Probability that a patch gets it.
   * @default 1
   */
  readonly probability?: number;
  /**
   * Factor on the density of the dye, 0 or more.
   * @default [0.95, 1.05]
   */
  readonly scale?: Range;
  /**
   * Optical density (base 10) that is added.
   * @default [-0.05, 0.05]
   */
  readonly shift?: Range;
}

/** What `drawDisplacement` does. */
export interface ElasticRanges {
  /**
   * Probability that a patch gets it.
   * @default 1
   */
  readonly probability?: number;
  /**
   * Smoothness in pixels, 1 or more.
   * @default [8, 12]
   */
  readonly sigmaPx?: Range;
  /**
   * Standard deviation of the displacement in pixels, 0 or more.
   * @default [0, 2]
   */
  readonly alphaPx?: Range;
  /**
   * How the image is warped; labels always by nearest neighbours.
   * @default 'bilinear'
   */
  readonly interpolation?: Interpolation;
}

export type Interpolation = 'bilinear' | 'nearest';

/** Options with every value given. */
export interface ResolvedAugmentOptions extends Required<Omit<AugmentOptions, 'stain' | 'elastic'>> {
  readonly stain: Required<StainRanges> | false;
  readonly elastic: Required<ElasticRanges> | false;
}
