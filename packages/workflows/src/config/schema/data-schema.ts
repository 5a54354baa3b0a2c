// Sections `prepare` and `postprocess`.
import { patchFormats } from '@hovernet/data';
import type { SegmentNucleiOptions } from '@hovernet/postprocess';
import { z } from 'zod';
import type { PrepareConfiguration } from '../configuration.js';
import { count, fraction, sizePx, text } from './scalars.js';

export const prepareSchema = z
  .strictObject({
    root: text.default('/workspace/Data/Pathology/CoNSeP'),
    out: text.nullable().default(null),
    phase: z.array(text).min(1).default(['Train', 'Test']),
    type: z.enum(['mirror', 'valid']).default('mirror'),
    is: text.default('png'),
    ls: text.default('mat'),
    ps: sizePx.default([540, 540]),
    ss: sizePx.default([164, 164]),
    format: z.enum(patchFormats).default('npy'),
    jobs: count.default(0),
  })
  .transform((section): PrepareConfiguration => ({
    root: section.root,
    outputDir: section.out,
    phases: section.phase,
    extraction: section.type,
    imageExtension: section.is,
    labelExtension: section.ls,
    patchSizePx: section.ps,
    stepPx: section.ss,
    format: section.format,
    jobs: section.jobs,
  }))
  .prefault({});

export const postprocessSchema = z
  .strictObject({
    rules: z.enum(['monai', 'original']).default('monai'),
    marker_threshold: fraction.default(0.4),
    marker_radius: count.default(2),
    min_object_size: count.default(10),
    sobel_kernel_size: z
      .int()
      .min(3)
      .refine((size) => size % 2 === 1, 'expected an odd number of pixels')
      .default(21),
  })
  .transform((section): SegmentNucleiOptions => ({
    rules: section.rules,
    markerThreshold: section.marker_threshold,
    markerRadiusPx: section.marker_radius,
    minObjectAreaPx: section.min_object_size,
    sobelKernelSize: section.sobel_kernel_size,
  }))
  .prefault({});
