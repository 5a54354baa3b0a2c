// Sections `loss`, `optimizer`, `lr_scheduler`, `train` and `validate`.
import { z } from 'zod';
import type {
  LoadingConfiguration,
  LossConfiguration,
  OptimizerConfiguration,
  SamplerConfiguration,
  ScheduleConfiguration,
  TrainingConfiguration,
  ValidationConfiguration,
} from '../configuration.js';
import { augmentationSchema } from './augmentation-schema.js';
import { count, fraction, nonNegative, positiveInteger, text } from './scalars.js';

const weight = nonNegative.default(1);

export const lossSchema = z
  .strictObject({
    lambda_np_ce: weight,
    lambda_np_dice: weight,
    lambda_hv_mse: weight,
    lambda_hv_mse_grad: weight,
    lambda_nc_ce: weight,
    lambda_nc_dice: weight,
  })
  .transform((section): LossConfiguration => ({
    npCrossEntropy: section.lambda_np_ce,
    npDice: section.lambda_np_dice,
    hvMse: section.lambda_hv_mse,
    hvGradientMse: section.lambda_hv_mse_grad,
    ncCrossEntropy: section.lambda_nc_ce,
    ncDice: section.lambda_nc_dice,
  }))
  .prefault({});

export const optimizerSchema = z
  .strictObject({
    lr: nonNegative.default(1e-4),
    weight_decay: nonNegative.default(1e-5),
    betas: z.tuple([fraction, fraction]).default([0.9, 0.999]),
    eps: nonNegative.default(1e-8),
  })
  .transform((section): OptimizerConfiguration => ({
    learningRate: section.lr,
    weightDecay: section.weight_decay,
    betas: section.betas,
    epsilon: section.eps,
  }))
  .prefault({});

export const scheduleSchema = z
  .strictObject({
    type: z.enum(['step', 'cosine', 'constant']).default('step'),
    step_size: positiveInteger.default(25),
    gamma: nonNegative.default(0.1),
    warmup_steps: count.default(0),
  })
  .transform((section): ScheduleConfiguration => ({
    type: section.type,
    stepSizeEpochs: section.step_size,
    gamma: section.gamma,
    warmupSteps: section.warmup_steps,
  }))
  .prefault({});

/** Sections `dataset` and `dataloader`. */
function patchSchemas(defaults: { readonly shuffle: boolean }) {
  const dataset = z.strictObject({
    phase: text.nullable().default(null),
    cache_rate: fraction.default(1),
    cache_gb: nonNegative.nullable().default(null),
  });
  const dataloader = z.strictObject({
    batch_size: positiveInteger.default(16),
    shuffle: z.boolean().default(defaults.shuffle),
    drop_last: z.boolean().default(false),
    num_workers: z.union([count, z.literal('auto')]).default('auto'),
  });
  return { dataset: dataset.prefault({}), dataloader: dataloader.prefault({}) };
}

type PatchSections = z.output<z.ZodObject<ReturnType<typeof patchSchemas>>>;

function toSampler({ dataloader }: PatchSections): SamplerConfiguration {
  return { batchSize: dataloader.batch_size, shuffle: dataloader.shuffle, dropLast: dataloader.drop_last };
}

function toLoading({ dataset, dataloader }: PatchSections): LoadingConfiguration {
  return { workers: dataloader.num_workers, cacheRate: dataset.cache_rate, cacheLimitGb: dataset.cache_gb };
}

export const trainSchema = z
  .strictObject({
    ...patchSchemas({ shuffle: true }),
    augmentation: augmentationSchema,
    trainer: z
      .strictObject({
        max_epochs: positiveInteger.default(50),
        max_steps: positiveInteger.nullable().default(null),
        accumulate: positiveInteger.default(1),
        save_interval: positiveInteger.default(10),
        final_name: text.default('model.safetensors'),
        save_minutes: nonNegative.default(10),
        patience: positiveInteger.nullable().default(null),
        ema_decay: fraction.nullable().default(null),
      })
      .prefault({}),
    sampler: z
      .strictObject({ type_balance: fraction.default(0), patches_per_epoch: positiveInteger.nullable().default(null) })
      .refine(
        ({ type_balance, patches_per_epoch }) => type_balance > 0 || patches_per_epoch === null,
        'expected type_balance above 0 where patches_per_epoch is given',
      )
      .prefault({}),
  })
  .transform((section): TrainingConfiguration => ({
    phase: section.dataset.phase ?? 'Train',
    finalName: section.trainer.final_name,
    epochs: section.trainer.max_epochs,
    maxSteps: section.trainer.max_steps,
    accumulatedBatches: section.trainer.accumulate,
    saveIntervalEpochs: section.trainer.save_interval,
    saveIntervalMinutes: section.trainer.save_minutes,
    patience: section.trainer.patience,
    averageDecay: section.trainer.ema_decay,
    balance: { typeShare: section.sampler.type_balance, patchesPerEpoch: section.sampler.patches_per_epoch },
    sampler: toSampler(section),
    loading: toLoading(section),
    augmentation: section.augmentation,
  }))
  .prefault({});

export const validateSchema = z
  .strictObject({ interval: positiveInteger.default(1), ...patchSchemas({ shuffle: false }) })
  .transform((section): ValidationConfiguration => ({
    phase: section.dataset.phase,
    intervalEpochs: section.interval,
    sampler: toSampler(section),
    loading: toLoading(section),
  }))
  .prefault({});
