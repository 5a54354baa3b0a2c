// Ids of inference: section `infer`, and the flags beside it.
import { formatNames } from '@hovernet/export/formats';
import { viewSets, type ViewSet } from '@hovernet/inference/internal';
import { stainGains, type StainGain } from '@hovernet/transforms';
import { z } from 'zod';
import { count, positiveInteger, text } from './scalars.js';

/** Names of the formats that inference can write. */
const outputKinds = formatNames;

/** What inference reads and writes, and how it cuts images. */
export interface InferenceConfiguration {
  /** `infer#inputs`: files, folders and globs in place of the one of `dataset_dir`; null for that one. */
  readonly inputs: readonly string[] | null;
  /** `infer#outputs`, and `raw`: what is written for each image. */
  readonly outputs: readonly string[];
  /**
   * `mirror`: the image is mirrored at its borders, as the original does, where the bundle has black. null: mirrored for networks
   * of half resolution, which black misleads, else black.
   */
  readonly padding: 'zero' | 'mirror' | 'auto';
  /**
   * `infer#tta`: views of each window whose outputs are averaged. flips: 4 by mirroring; rotations: 4 by quarter turns; all: the
   * 8 of both.
   */
  readonly views: ViewSet;
  /** `infer#block_size`: images with a longer side are segmented in blocks of at most this side; null for never. */
  readonly blockPx: number | null;
  /** `infer#block_margin`: pixels around a block that are segmented with it, so that nuclei at its border are seen whole. */
  readonly blockMarginPx: number;
  /** `mpp`: micrometres per pixel of images that do not say it themselves; null where unknown. */
  readonly mpp: number | null;
  /** `infer#resample`: images whose resolution is known and differs from that of the weights are resampled to it. */
  readonly resample: boolean;
  /**
   * `infer#stain_gain`: how far the densities of an image's stains are brought towards those that the weights know, by one factor
   * a channel. Nothing happens where the weights do not state them.
   */
  readonly stainGain: StainGain;
  /** `skip_existing`: images whose files are all there, made of the same file by the same settings and weights, are passed over. */
  readonly skipExisting: boolean;
  /** `dry_run`: a few windows of each image are measured, to say what all would cost; nothing is written. */
  readonly dryRun: boolean;
}

const inferSchema = z
  .strictObject({
    inputs: z
      .union([text, z.array(text).min(1)])
      .nullable()
      .default(null),
    outputs: z.union([z.enum(outputKinds), z.array(z.enum(outputKinds)).min(1)]).default(['nifti', 'json', 'overlay']),
    tta: z.enum(viewSets).default('none'),
    block_size: positiveInteger.min(64).nullable().default(2048),
    block_margin: count.default(128),
    resample: z.boolean().default(true),
    stain_gain: z.enum(stainGains).default('half'),
  })
  .prefault({});

/** The ids at the top level; `raw`, `mirror`, `skip_existing` and `dry_run` are flags of the command. */
export const inferenceIds = {
  raw: z.boolean().default(false),
  mirror: z.boolean().nullable().default(null),
  skip_existing: z.boolean().default(false),
  dry_run: z.boolean().default(false),
  mpp: z.number().positive().nullable().default(null),
  infer: inferSchema,
};

/** The configuration of the checked ids. */
export function toInference({
  raw,
  mirror,
  skip_existing,
  dry_run,
  mpp,
  infer,
}: z.output<z.ZodObject<typeof inferenceIds>>): InferenceConfiguration {
  const outputs = new Set(typeof infer.outputs === 'string' ? [infer.outputs] : infer.outputs);
  if (raw) outputs.add('raw');
  return {
    inputs: typeof infer.inputs === 'string' ? [infer.inputs] : infer.inputs,
    outputs: outputKinds.filter((kind) => outputs.has(kind)),
    padding: mirror === null ? 'auto' : mirror ? 'mirror' : 'zero',
    views: infer.tta,
    blockPx: infer.block_size,
    blockMarginPx: infer.block_margin,
    mpp,
    resample: infer.resample,
    stainGain: infer.stain_gain,
    skipExisting: skip_existing,
    dryRun: dry_run,
  };
}
