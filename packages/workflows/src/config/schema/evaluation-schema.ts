// Section `evaluate`: what evaluation writes beside the scores, and how it computes them.
import { z } from 'zod';
import { positiveInteger } from './scalars.js';

/** What evaluation can write for a tile. */
export const evaluationOutputs = ['overlay', 'nifti'] as const;
export type EvaluationOutput = (typeof evaluationOutputs)[number];

export interface EvaluationConfiguration {
  /**
   * `outputs`: files of each tile. overlay: truth and prediction on the image; nifti: instance and type map, as the bundle's
   * evaluation writes them.
   */
  readonly outputs: readonly EvaluationOutput[];
  /** `pairing`: centroids are paired as the original, or only within 12 px, which many nuclei need. */
  readonly pairing: 'global' | 'gated';
  /** `resamples`: how often tiles are drawn anew for the intervals; drawn from `seed`. */
  readonly resamples: number;
}

export const evaluationSchema = z
  .strictObject({
    outputs: z.union([z.enum(evaluationOutputs), z.array(z.enum(evaluationOutputs))]).default(['nifti']),
    pairing: z.enum(['global', 'gated']).default('global'),
    resamples: positiveInteger.default(1000),
  })
  .transform(({ outputs, pairing, resamples }): EvaluationConfiguration => ({
    outputs: typeof outputs === 'string' ? [outputs] : [...new Set(outputs)],
    pairing,
    resamples,
  }))
  .prefault({});
