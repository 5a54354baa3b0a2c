// Sets of augmentations: the bundle's, the original repository's, none.
import type { AugmentOptions, ElasticRanges, StainRanges } from './augment-options.js';

/** The bundle's augmentation. */
export const defaultAugmentOptions = {
  rotation: [-Math.PI, Math.PI],
  scale: [0.8, 1.2],
  shear: [-0.05, 0.05],
  translatePx: [-6, 6],
  flipRows: 0.5,
  flipColumns: 0.5,
  smoothSigmaPx: [0.1, 1.1],
  smoothSizesPx: false,
  median: true,
  noiseDeviation: [0, 0.05],
  sharedNoise: 0,
  brightness: [0.9, 1.1],
  contrast: [0.95, 1.1],
  saturation: [0.8, 1.2],
  hue: [-0.04, 0.04],
  brightnessShift: false,
  stain: false,
  elastic: false,
} as const satisfies Required<AugmentOptions>;

/**
 * The original repository's augmentation for patches of 540 pixels, see docs/parity.md#17. Filters and brightness are its
 * steps; rotation (±179°), scale, shear (±5°), translation (±1 %), saturation and hue (±8 of 180) are its ranges in the
 * bundle's steps; its contrast has no effect there and is off.
 */
export const hoverNetAugmentOptions = {
  ...defaultAugmentOptions,
  rotation: [(-179 / 180) * Math.PI, (179 / 180) * Math.PI],
  shear: [-Math.tan((5 / 180) * Math.PI), Math.tan((5 / 180) * Math.PI)],
  translatePx: [-5.4, 5.4],
  smoothSigmaPx: false,
  smoothSizesPx: [1, 3, 5],
  median: [1, 3, 5],
  noiseDeviation: [0, 12.75],
  sharedNoise: 0.5,
  brightness: false,
  contrast: false,
  hue: [-8 / 180, 8 / 180],
  brightnessShift: [-26, 26],
} as const satisfies Required<AugmentOptions>;

/** Everything off: the train pipeline then gives what the validation pipeline gives. */
export const noAugmentation = {
  rotation: false,
  scale: false,
  shear: false,
  translatePx: false,
  flipRows: 0,
  flipColumns: 0,
  smoothSigmaPx: false,
  smoothSizesPx: false,
  median: false,
  noiseDeviation: false,
  sharedNoise: 0,
  brightness: false,
  contrast: false,
  saturation: false,
  hue: false,
  brightnessShift: false,
  stain: false,
  elastic: false,
} as const satisfies Required<AugmentOptions>;

/** What `stain: {}` means: the light setting of Tellez et al. (2019, doi:10.1016/j.media.2019.101544). */
export const defaultStainRanges = {
  probability: 1,
  scale: [0.95, 1.05],
  shift: [-0.05, 0.05],
} as const satisfies Required<StainRanges>;

/** What `elastic: {}` means. */
export const defaultElasticRanges = {
  probability: 1,
  sigmaPx: [8, 12],
  alphaPx: [0, 2],
  interpolation: 'bilinear',
} as const satisfies Required<ElasticRanges>;
