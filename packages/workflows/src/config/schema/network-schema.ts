// Sections `network_def` and `engine`.
import { cacheDir } from '@hovernet/files/internal/node';
import { z } from 'zod';
import type { EngineConfiguration, NetworkConfiguration } from '../configuration.js';
import { count, fraction, positiveInteger, reference, text } from './scalars.js';

/** The network's mode; written in any case, as MONAI accepts it. */
export const modeSchema = z.preprocess(
  (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  z.enum(['fast', 'original']),
);

export const networkSchema = z
  .strictObject({
    preset: z.enum(['base', 'lite', 'tiny']).default('base'),
    width: z.number().positive().default(1),
    mode: modeSchema.default('fast'),
    compat: reference.optional(),
    out_classes: z
      .int()
      .min(0)
      .max(128)
      .refine((classes) => classes !== 1, 'expected 0 (no type branch) or at least 2 classes, background included')
      .default(5),
    decoder_padding: z.boolean().optional(),
    dropout_prob: fraction.default(0),
    stem_channels: positiveInteger.optional(),
    stem_stride: z.union([z.literal(1), z.literal(2)]).optional(),
    stage_channels: z.tuple([positiveInteger, positiveInteger, positiveInteger, positiveInteger]).optional(),
    units: z.tuple([positiveInteger, positiveInteger, positiveInteger, positiveInteger]).optional(),
    dense_units: z.tuple([positiveInteger, positiveInteger]).optional(),
    growth: positiveInteger.optional(),
    dense_bottleneck: positiveInteger.optional(),
    groups: positiveInteger.optional(),
    head_channels: positiveInteger.optional(),
    freeze_encoder: z.union([z.boolean(), z.literal('whole-encoder')]).default(false),
    pretrained_url: text.nullable().default(null),
    start_weights: text.nullable().default(null),
    adapt_standard_resnet: z.boolean().default(true),
    pretrained_state_dict_key: text.nullable().default(null),
  })
  .refine(
    ({ pretrained_url, start_weights }) => pretrained_url === null || start_weights === null,
    'expected pretrained_url (the encoder) or start_weights (all), got both',
  )
  .transform((section): NetworkConfiguration => ({
    architecture: {
      preset: section.preset,
      width: section.width,
      mode: section.mode,
      outClasses: section.out_classes,
      dropout: section.dropout_prob,
      ...definedOnly({
        reference: section.compat,
        decoderPadding: section.decoder_padding,
        stemStride: section.stem_stride,
        groups: section.groups,
        stemChannels: section.stem_channels,
        stageChannels: section.stage_channels,
        units: section.units,
        denseUnits: section.dense_units,
        growth: section.growth,
        denseBottleneck: section.dense_bottleneck,
        headChannels: section.head_channels,
      }),
    },
    freezeEncoder: section.freeze_encoder,
    pretrainedUrl: section.pretrained_url,
    startWeights: section.start_weights,
    adaptStandardResnet: section.adapt_standard_resnet,
    pretrainedStateDictKey: section.pretrained_state_dict_key,
  }))
  .prefault({});

/** Without the fields that the document leaves to the preset. */
function definedOnly<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

export const engineSchema = z
  .strictObject({
    name: z.enum(['onnx', 'tfjs']).default('onnx'),
    provider: z.union([text, z.array(text).min(1)]).default('auto'),
    threads: count.default(0),
    precision: z.enum(['float32', 'mixed', 'float16', 'int8']).default('float32'),
    calibration: text.nullable().default(null),
    cache_dir: text.nullable().default('auto'),
  })
  .transform(({ name, provider, threads, precision, calibration, cache_dir }): EngineConfiguration => ({
    name,
    providers: typeof provider === 'string' ? [provider] : provider,
    threads,
    precision,
    calibration,
    cacheDir: cache_dir === 'auto' ? cacheDir('sessions') : cache_dir,
  }))
  .prefault({});
