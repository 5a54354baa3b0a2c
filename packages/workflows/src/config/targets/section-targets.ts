// Components that have a section of their own here: their arguments are the section's ids.
import { z } from 'zod';
import { leadFiles } from './lead-files.js';
import { defineTarget, fixed } from './target.js';

export const sectionTargets = [
  defineTarget('HoVerNet', {
    kind: 'network',
    args: {
      in_channels: fixed(3),
      np_out_channels: fixed(2),
      act: z.union([z.literal('relu'), z.tuple([z.literal('relu'), z.looseObject({})])], 'expected relu').optional(),
      norm: z
        .union([z.literal('batch'), z.tuple([z.literal('batch'), z.looseObject({})])], 'expected batch')
        .optional(),
    },
  }),
  defineTarget('DistributedDataParallel', {
    library: 'torch',
    kind: 'network',
    ignored: ['module', 'device_ids', 'output_device', 'find_unused_parameters', 'broadcast_buffers'],
  }),
  defineTarget('HoVerNetLoss', { kind: 'loss' }),
  defineTarget('Adam', {
    library: 'torch',
    kind: 'optimizer',
    ignored: ['params'],
    args: { amsgrad: fixed(false), maximize: fixed(false) },
  }),
  defineTarget('StepLR', { library: 'torch', kind: 'scheduler', ignored: ['optimizer', 'last_epoch', 'verbose'] }),
  defineTarget('CosineAnnealingLR', {
    library: 'torch',
    kind: 'scheduler',
    ignored: ['optimizer', 'last_epoch', 'verbose', 'T_max'],
    args: { eta_min: fixed(0) },
    lead: () => ({ 'lr_scheduler#type': 'cosine' }),
  }),
  defineTarget('CacheDataset', {
    kind: 'dataset',
    args: { data: z.unknown().optional() },
    lead: ({ data }, part) => leadFiles(data, part),
    ignored: ['transform', 'num_workers', 'cache_num', 'progress', 'copy_cache', 'runtime_cache'],
  }),
  defineTarget('Dataset', {
    kind: 'dataset',
    ignored: ['transform'],
    args: { data: z.unknown().optional() },
    lead: ({ data }, part) => ({
      ...leadFiles(data, part),
      ...(part === '' ? {} : { [`${part}#dataset#cache_rate`]: 0 }),
    }),
  }),
  defineTarget('DataLoader', {
    kind: 'dataloader',
    ignored: ['dataset', 'sampler', 'pin_memory', 'collate_fn', 'persistent_workers', 'prefetch_factor', 'timeout'],
  }),
  defineTarget('DistributedSampler', {
    kind: 'sampler',
    ignored: ['dataset', 'num_replicas', 'rank'],
    args: { even_divisible: z.boolean().optional(), shuffle: z.boolean().optional() },
    lead: ({ shuffle }, part) => (part === '' ? {} : { [`${part}#dataloader#shuffle`]: shuffle }),
  }),
  defineTarget('SupervisedTrainer', {
    kind: 'engine',
    ignored: [
      'device',
      'train_data_loader',
      'network',
      'optimizer',
      'loss_function',
      'epoch_length',
      'non_blocking',
      'prepare_batch',
      'inferer',
      'postprocessing',
      'key_train_metric',
      'additional_metrics',
      'metric_cmp_fn',
      'train_handlers',
      'amp',
      'optim_set_to_none',
      'decollate',
    ],
  }),
];
