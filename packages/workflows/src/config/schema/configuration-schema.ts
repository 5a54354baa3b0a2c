// The whole document: the bundle's ids, checked, with a default for each.
import { z } from 'zod';
import type { HovernetConfiguration } from '../configuration.js';
import { postprocessSchema, prepareSchema } from './data-schema.js';
import { evaluationSchema } from './evaluation-schema.js';
import { inferenceIds, toInference } from './inference-schema.js';
import { engineSchema, modeSchema, networkSchema } from './network-schema.js';
import { count, nonNegative, positiveInteger, text } from './scalars.js';
import { lossSchema, optimizerSchema, scheduleSchema, trainSchema, validateSchema } from './training-schema.js';

/**
 * Ids at the top level that only other ids refer to, as in the bundle: setting `epochs` changes
 * `train#trainer#max_epochs` because that says `@epochs`.
 */
const variables = {
  ckpt_dir_stage0: text,
  ckpt_dir_stage1: text,
  epochs: positiveInteger,
  batch_size: positiveInteger,
  val_interval: positiveInteger,
  learning_rate: nonNegative,
  hovernet_mode: modeSchema,
  amp: z.boolean(),
  device: text,
};

/** Accepts a resolved document; unknown keys are refused at every level. */
export const documentSchema = z.strictObject({
  ...z.object(variables).partial().shape,
  workflow: z.enum(['train', 'evaluate', 'infer']).default('train'),
  bundle_root: text.default('.'),
  ckpt_dir: text.default('./models'),
  ckpt_path_stage0: text.default('./models/stage0/model.safetensors'),
  weights: text.default('./models/model.safetensors'),
  output_dir: text.default('./eval'),
  dataset_dir: text.default('/workspace/Data/Pathology/CoNSeP/Prepared'),
  stage: z.union([z.literal(0), z.literal(1)]).default(0),
  seed: count.default(321),
  taxonomy: text.default('consep'),
  patch_size: positiveInteger.default(256),
  out_size: positiveInteger.nullable().default(null),
  window_size: z
    .union([positiveInteger, z.literal('auto')])
    .nullable()
    .default(null),
  sw_batch_size: positiveInteger.default(1),
  ...inferenceIds,
  allow_cpu: z.boolean().default(false),
  engine: engineSchema,
  network_def: networkSchema,
  loss: lossSchema,
  optimizer: optimizerSchema,
  lr_scheduler: scheduleSchema,
  train: trainSchema,
  validate: validateSchema,
  prepare: prepareSchema,
  postprocess: postprocessSchema,
  evaluate: evaluationSchema,
});

/** The configuration of a checked document. */
export function toConfiguration(checked: z.output<typeof documentSchema>): Omit<HovernetConfiguration, 'document'> {
  return {
    workflow: checked.workflow,
    bundleRoot: checked.bundle_root,
    checkpointDir: checked.ckpt_dir,
    stage0CheckpointPath: checked.ckpt_path_stage0,
    weightsPath: checked.weights,
    outputDir: checked.output_dir,
    datasetDir: checked.dataset_dir,
    stage: checked.stage,
    seed: checked.seed,
    taxonomy: checked.taxonomy,
    patchSizePx: checked.patch_size,
    outputSizePx: checked.out_size,
    windowPx: checked.window_size,
    windowBatchSize: checked.sw_batch_size,
    engine: { ...checked.engine, allowCpu: checked.allow_cpu },
    network: checked.network_def,
    loss: checked.loss,
    optimizer: checked.optimizer,
    schedule: checked.lr_scheduler,
    training: checked.train,
    validation: checked.validate,
    prepare: checked.prepare,
    inference: toInference(checked),
    postprocess: checked.postprocess,
    evaluation: checked.evaluate,
  };
}
