// From the section `train#augmentation` to the options of the train pipeline.
import {
  defaultAugmentOptions,
  noAugmentation,
  hoverNetAugmentOptions,
  type AugmentOptions,
} from '@hovernet/transforms';
import type { AugmentationConfiguration } from '../config/configuration.js';

/** The steps of the chosen reference, without the groups that are switched off; stains and elastic deformation where they are on. */
export function selectAugmentation(section: AugmentationConfiguration): AugmentOptions {
  const { noiseDeviation, stain, elastic } = section;
  const off = noAugmentation;
  return {
    ...(section.reference === 'hover_net' ? hoverNetAugmentOptions : defaultAugmentOptions),
    ...(noiseDeviation && { noiseDeviation }),
    ...(!section.affine && {
      rotation: off.rotation,
      scale: off.scale,
      shear: off.shear,
      translatePx: off.translatePx,
    }),
    ...(!section.flip && { flipRows: off.flipRows, flipColumns: off.flipColumns }),
    ...(!section.blurNoise && {
      smoothSigmaPx: off.smoothSigmaPx,
      smoothSizesPx: off.smoothSizesPx,
      median: off.median,
      noiseDeviation: off.noiseDeviation,
    }),
    ...(!section.color && {
      brightness: off.brightness,
      contrast: off.contrast,
      saturation: off.saturation,
      hue: off.hue,
      brightnessShift: off.brightnessShift,
    }),
    stain: stain.probability > 0 && stain,
    elastic: elastic.probability > 0 && elastic,
  };
}
