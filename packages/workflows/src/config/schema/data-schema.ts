// Sections `prepare` and `postprocess`.
import { layoutNames, patchFormats, type PhaseSources } from '@hovernet/data';
import type { SegmentNucleiOptions } from '@hovernet/postprocess';
import { z } from 'zod';
import { smoothingOf } from '../../postprocess/distance-smoothing.js';
import type { PrepareConfiguration } from '../configuration.js';
import { count, fraction, reference, sizePx, text } from './scalars.js';

/** `Train` is made of what the data set calls so, `Train=Fold 1,Fold 2` of these two. */
const phasePattern = /^([^=,]+)(?:=([^=,]+(?:,[^=,]+)*))?$/;

function toPhase(phase: string): PhaseSources {
  const [, name = phase, sources = name] = phasePattern.exec(phase) ?? [];
  return { name: name.trim(), sources: sources.split(',').map((source) => source.trim()) };
}

export const prepareSchema = z
  .strictObject({
    root: text.default('/workspace/Data/Pathology/CoNSeP'),
    layout: z.enum(layoutNames).default('consep'),
    out: text.nullable().default(null),
    phase: z
      .array(z.string().regex(phasePattern, 'expected NAME or NAME=SOURCE,SOURCE'))
      .min(1)
      .nullable()
      .default(null),
    validation_fraction: z.number().min(0).lt(1).default(0),
    type: z.enum(['mirror', 'valid']).default('mirror'),
    is: text.default('png'),
    ls: text.default('mat'),
    ps: sizePx.default([540, 540]),
    ss: sizePx.default([164, 164]),
    format: z.enum(patchFormats).default('npy'),
    strict: z.boolean().default(false),
    jobs: count.default(0),
  })
  .transform((section): PrepareConfiguration => ({
    root: section.root,
    layout: section.layout,
    outputDir: section.out,
    phases: section.phase && section.phase.map(toPhase),
    validationFraction: section.validation_fraction,
    extraction: section.type,
    imageExtension: section.is,
    labelExtension: section.ls,
    patchSizePx: section.ps,
    stepPx: section.ss,
    format: section.format,
    strict: section.strict,
    jobs: section.jobs,
  }))
  .prefault({});

/** What is null is left to the weights, which may know what suits them, and then to `segmentNuclei`. */
export const postprocessSchema = z
  .strictObject({
    rules: reference.nullable().default(null),
    marker_threshold: fraction.nullable().default(null),
    marker_radius: count.nullable().default(null),
    min_object_size: count.nullable().default(null),
    sobel_kernel_size: z
      .int()
      .min(3)
      .refine((size) => size % 2 === 1, 'expected an odd number of pixels')
      .nullable()
      .default(null),
    normalization: z.enum(['tile', 'fixed']).nullable().default(null),
    distance_sigma: z.number().positive().nullable().default(null),
  })
  .transform((section): SegmentNucleiOptions => {
    const options = {
      reference: section.rules,
      markerThreshold: section.marker_threshold,
      markerRadiusPx: section.marker_radius,
      minObjectAreaPx: section.min_object_size,
      sobelKernelSize: section.sobel_kernel_size,
      normalization: section.normalization,
      distanceSmoothing: smoothingOf(section.distance_sigma) ?? null,
    };
    return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
  })
  .prefault({});
