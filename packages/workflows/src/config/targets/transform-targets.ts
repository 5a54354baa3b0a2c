// Transforms: the steps of the bundle's pipelines. Their order and sizes are fixed; the random ones can be switched off.
import { z } from 'zod';
import { count, fraction, positiveInteger, text } from '../schema/scalars.js';
import { defineTarget, fixed, type Target } from './target.js';

const augmentation = 'see train#augmentation';
const keys = ['keys', 'allow_missing_keys'];
const components = z.array(z.unknown()).optional();
const sizes = z.union([positiveInteger, z.array(positiveInteger.nullable()).min(1).max(2)]).optional();

/**
 * Ranges of axes as MONAI writes them: a number n for −n…n, a pair for its ends, one axis or a list of them; here those of `limits`
 * alone. `shown` says so in messages.
 */
function ranges(shown: string, limits: readonly number[]) {
  return z
    .json()
    .refine((given) => {
      const axes = Array.isArray(given) ? given : [given];
      const isLimit = (value: unknown, limit: number) => typeof value === 'number' && Math.abs(value - limit) < 1e-3;
      // A rotation in the plane has one axis; more are passed over.
      return limits.every((limit, at) => {
        const axis = axes[at];
        if (!Array.isArray(axis)) return typeof axis === 'number' && isLimit(Math.abs(axis), limit);
        return axis.length === 2 && isLimit(axis[0], -limit) && isLimit(axis[1], limit);
      });
    }, `expected ${shown}, the only value here; ${augmentation}`)
    .optional();
}

/** A step whose arguments name keys, axes and types of arrays: always done, and done here in its place. */
function step(name: string, ignored: readonly string[]): Target {
  return defineTarget(name, { kind: 'transform', ignored: [...keys, ...ignored] });
}

export const transformTargets = [
  defineTarget('Compose', {
    kind: 'transform',
    ignored: ['map_items', 'unpack_items'],
    args: { transforms: components },
  }),
  defineTarget('OneOf', { kind: 'transform', args: { transforms: components, weights: fixed(null) } }),
  step('LoadImaged', ['reader', 'converter', 'dtype', 'ensure_channel_first', 'image_only', 'meta_key_postfix']),
  step('EnsureChannelFirstd', ['channel_dim', 'strict_check']),
  step('CastToTyped', ['dtype']),
  defineTarget('Lambdad', {
    kind: 'transform',
    ignored: [...keys, 'func', 'inv_func', 'overwrite', 'track_meta'],
    args: { func: z.unknown().optional() },
  }),
  step('AsDiscreted', ['to_onehot', 'argmax', 'threshold', 'rounding']),
  step('SplitDimd', ['output_postfixes', 'dim', 'keepdim', 'update_meta', 'list_output']),
  step('Activationsd', ['softmax', 'sigmoid', 'other']),
  step('FlattenSubKeysd', ['sub_keys', 'delete_keys', 'prefix']),
  step('FromMetaTensord', ['data_type']),
  step('ComputeHoVerMapsd', ['dtype', 'new_key_prefix']),
  defineTarget('CenterSpatialCropd', { kind: 'transform', ignored: keys, args: { roi_size: sizes } }),
  defineTarget('ScaleIntensityRanged', {
    kind: 'transform',
    ignored: [...keys, 'dtype'],
    args: { a_min: fixed(0), a_max: fixed(255), b_min: fixed(0), b_max: fixed(1), clip: fixed(true) },
  }),
  defineTarget('RandAffined', {
    kind: 'transform',
    ignored: [...keys, 'spatial_size', 'cache_grid', 'device'],
    args: {
      prob: fixed(1, augmentation),
      rotate_range: ranges('pi', [Math.PI]),
      shear_range: ranges('[0.05,0.05]', [0.05, 0.05]),
      translate_range: ranges('[6,6]', [6, 6]),
      scale_range: ranges('[0.2,0.2]', [0.2, 0.2]),
      mode: fixed('nearest'),
      padding_mode: fixed('zeros'),
    },
  }),
  defineTarget('RandFlipd', {
    kind: 'transform',
    ignored: keys,
    args: { prob: fixed(0.5, augmentation), spatial_axis: z.union([z.literal(0), z.literal(1)]).optional() },
  }),
  defineTarget('RandGaussianSmoothd', {
    kind: 'transform',
    ignored: [...keys, 'sigma_z', 'approx'],
    args: {
      prob: fixed(1, augmentation),
      sigma_x: fixed([0.1, 1.1], augmentation),
      sigma_y: fixed([0.1, 1.1], augmentation),
    },
  }),
  defineTarget('MedianSmoothd', { kind: 'transform', ignored: keys, args: { radius: fixed(1, augmentation) } }),
  defineTarget('RandGaussianNoised', {
    kind: 'transform',
    ignored: [...keys, 'dtype', 'sample_std'],
    args: {
      prob: fixed(1, augmentation),
      mean: fixed(0),
      std: fixed(0.05, 'see train#augmentation#noise_deviation'),
    },
  }),
  defineTarget('TorchVisiond', {
    kind: 'transform',
    ignored: keys,
    args: {
      name: z.literal('ColorJitter'),
      brightness: fixed([0.9, 1.1], augmentation),
      contrast: fixed([0.95, 1.1], augmentation),
      saturation: fixed([0.8, 1.2], augmentation),
      hue: fixed([-0.04, 0.04], augmentation),
    },
  }),
  defineTarget('HoVerNetInstanceMapPostProcessingd', {
    kind: 'transform',
    ignored: [
      'nuclear_prediction_key',
      'hover_map_key',
      'instance_map_key',
      'instance_info_key',
      'instance_info_dict_key',
      'activation',
      'mask_threshold',
      'smooth_fn',
      'marker_postprocess_fn',
      'device',
      'allow_missing_keys',
    ],
    args: {
      sobel_kernel_size: positiveInteger.nullish(),
      marker_threshold: fraction.nullish(),
      marker_radius: count.nullish(),
      min_object_size: count.nullish(),
    },
    lead: ({ sobel_kernel_size, marker_threshold, marker_radius, min_object_size }) => ({
      'postprocess#sobel_kernel_size': sobel_kernel_size,
      'postprocess#marker_threshold': marker_threshold,
      'postprocess#marker_radius': marker_radius,
      'postprocess#min_object_size': min_object_size,
    }),
  }),
  step('HoVerNetNuclearTypePostProcessingd', [
    'type_prediction_key',
    'instance_info_key',
    'instance_map_key',
    'type_map_key',
    'activation',
    'threshold',
    'return_type_map',
    'device',
  ]),
  defineTarget('SaveImaged', {
    kind: 'transform',
    ignored: [
      ...keys,
      'meta_keys',
      'meta_key_postfix',
      'output_ext',
      'output_dtype',
      'resample',
      'mode',
      'padding_mode',
      'scale',
      'dtype',
      'squeeze_end_dims',
      'data_root_dir',
      'print_log',
      'writer',
    ],
    args: { output_dir: text.optional(), output_postfix: text.optional(), separate_folder: fixed(false) },
    lead: ({ output_dir }) => ({ output_dir }),
  }),
];
