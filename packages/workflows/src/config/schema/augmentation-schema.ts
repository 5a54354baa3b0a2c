// Section `train#augmentation`.
import { defaultElasticRanges, defaultStainRanges, type Range } from '@hovernet/transforms';
import { z } from 'zod';
import type { AugmentationConfiguration } from '../configuration.js';
import { fraction, reference } from './scalars.js';

/** Two numbers between which values are drawn, none of them below `least`. */
function range(least: number) {
  return z
    .tuple([z.number().min(least), z.number().min(least)])
    .refine(([low, high]) => low <= high, 'expected the lower number first');
}

const asPair = ([low, high]: Range): [number, number] => [low, high];

const stainSchema = z
  .strictObject({
    probability: fraction.default(0),
    scale: range(0).default(asPair(defaultStainRanges.scale)),
    shift: range(-Infinity).default(asPair(defaultStainRanges.shift)),
  })
  .prefault({});

const elasticSchema = z
  .strictObject({
    probability: fraction.default(0),
    sigma: range(1).default(asPair(defaultElasticRanges.sigmaPx)),
    alpha: range(0).default(asPair(defaultElasticRanges.alphaPx)),
    interpolation: z.enum(['bilinear', 'nearest']).default(defaultElasticRanges.interpolation),
  })
  .prefault({});

export const augmentationSchema = z
  .strictObject({
    rules: reference.default('monai'),
    affine: z.boolean().default(true),
    flip: z.boolean().default(true),
    blur_noise: z.boolean().default(true),
    color: z.boolean().default(true),
    noise_deviation: range(0).nullable().default(null),
    stain: stainSchema,
    elastic: elasticSchema,
  })
  .transform((section): AugmentationConfiguration => ({
    reference: section.rules,
    affine: section.affine,
    flip: section.flip,
    blurNoise: section.blur_noise,
    color: section.color,
    noiseDeviation: section.noise_deviation,
    stain: section.stain,
    elastic: {
      probability: section.elastic.probability,
      sigmaPx: section.elastic.sigma,
      alphaPx: section.elastic.alpha,
      interpolation: section.elastic.interpolation,
    },
  }))
  .prefault({});
