// Handlers, inferers, metrics and the evaluator: what the bundle hangs on its loops, and what here is always there.
import { z } from 'zod';
import { count, positiveInteger, text } from '../schema/scalars.js';
import { defineTarget, fixed } from './target.js';

const always = 'it is always so here';

/** `n` or `[n, n]`. */
const side = z.union([
  positiveInteger,
  z.tuple([positiveInteger, positiveInteger]).refine(([height, width]) => height === width, 'expected two equal sides'),
]);

export const handlerTargets = [
  defineTarget('LrScheduleHandler', {
    kind: 'handler',
    ignored: ['lr_scheduler', 'print_lr', 'name', 'step_transform'],
    args: { epoch_level: fixed(true) },
  }),
  defineTarget('ValidationHandler', {
    kind: 'handler',
    ignored: ['validator'],
    args: { interval: positiveInteger.optional(), epoch_level: fixed(true), exec_at_start: fixed(false) },
    lead: ({ interval }) => ({ 'validate#interval': interval }),
  }),
  defineTarget('CheckpointSaver', {
    kind: 'handler',
    ignored: ['save_dict', 'name', 'file_prefix', 'key_metric_filename', 'key_metric_name', 'n_saved'],
    args: {
      save_dir: text.optional(),
      save_final: fixed(true, always),
      save_key_metric: fixed(true, always),
      epoch_level: fixed(true),
      save_interval: count.optional(),
      final_filename: text.nullable().optional(),
    },
    lead: ({ save_dir, save_interval, final_filename }) => ({
      'train#trainer#final_name': final_filename ?? undefined,
      ckpt_dir: save_dir,
      // 0 is MONAI's default of a saver of the best or the last only.
      'train#trainer#save_interval': save_interval || undefined,
    }),
  }),
  defineTarget('CheckpointLoader', {
    kind: 'handler',
    ignored: ['load_dict', 'map_location', 'name', 'strict_shape'],
    args: { load_path: text, strict: fixed(true) },
    lead: ({ load_path }, part) => ({ [part === 'train' ? 'ckpt_path_stage0' : 'weights']: load_path }),
  }),
  defineTarget('StatsHandler', {
    kind: 'handler',
    ignored: [
      'tag_name',
      'output_transform',
      'iteration_log',
      'epoch_log',
      'name',
      'key_var_format',
      'state_attributes',
      'global_epoch_transform',
    ],
  }),
  defineTarget('TensorBoardStatsHandler', {
    kind: 'handler',
    ignored: ['tag_name', 'output_transform', 'iteration_log', 'epoch_log', 'summary_writer', 'global_epoch_transform'],
    args: { log_dir: text.optional() },
    lead: ({ log_dir }) => ({ output_dir: log_dir }),
  }),
  defineTarget('MetricsSaver', {
    kind: 'handler',
    ignored: ['metrics', 'metric_details', 'batch_transform', 'summary_ops', 'delimiter', 'save_rank', 'output_type'],
    args: { save_dir: text.optional() },
    lead: ({ save_dir }) => ({ output_dir: save_dir }),
  }),
  defineTarget('SimpleInferer', { kind: 'inferer' }),
  defineTarget('SlidingWindowHoVerNetInferer', {
    kind: 'inferer',
    ignored: ['overlap', 'extra_input_padding', 'sw_device', 'device', 'progress', 'cache_roi_weight_map'],
    args: {
      roi_size: side.optional(),
      sw_batch_size: positiveInteger.optional(),
      padding_mode: fixed('constant', 'set mirror'),
      cval: fixed(0),
      mode: fixed('constant'),
    },
    lead: ({ roi_size, sw_batch_size }) => ({
      patch_size: Array.isArray(roi_size) ? roi_size[0] : roi_size,
      sw_batch_size,
    }),
  }),
  defineTarget('MeanDice', {
    kind: 'metric',
    ignored: ['output_transform', 'save_details', 'num_classes', 'reduction', 'get_not_nans'],
    args: { include_background: fixed(false) },
  }),
  defineTarget('SupervisedEvaluator', {
    kind: 'engine',
    ignored: [
      'device',
      'val_data_loader',
      'network',
      'epoch_length',
      'non_blocking',
      'prepare_batch',
      'inferer',
      'postprocessing',
      'key_val_metric',
      'additional_metrics',
      'metric_cmp_fn',
      'val_handlers',
      'amp',
      'mode',
      'decollate',
    ],
  }),
];
