// Files that hold what the bundle's own files hold: they run as they are.
import { describe, expect, it } from 'vitest';
import { loadFromArguments } from '../../src/cli/configuration-arguments.js';
import type { JsonObject } from '../../src/config/json.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { packagedFile } from '../../src/config/load-document.js';
import { createTemporaryFiles } from './temporary-files.js';

const { write } = createTemporaryFiles();

const zipped = (phase: string) =>
  `$[{'image': i, 'label_inst': j, 'label_type': k} for i, j, k in zip(@${phase}_i, @${phase}_j, @${phase}_k)]`;
const listed = (phase: string, ending: string) => `$list(sorted(glob.glob(@dataset_dir + '/${phase}/*${ending}.npy')))`;
const weightsPath = "$os.path.join(@bundle_root, 'models', 'model.pt')";

const trainFile: JsonObject = {
  imports: ['$import glob', '$import os', '$import skimage'],
  bundle_root: '$os.getcwd()',
  ckpt_dir_stage0: "$os.path.join(@bundle_root, 'models', 'stage0')",
  ckpt_dir_stage1: "$os.path.join(@bundle_root, 'models')",
  ckpt_dir: '$@ckpt_dir_stage0 if @stage == 0 else @ckpt_dir_stage1',
  output_dir: "$os.path.join(@bundle_root, 'eval')",
  dataset_dir: '/data/Prepared/',
  a_i: listed('Learn', 'image'),
  a_j: listed('Learn', 'inst_map'),
  a_k: listed('Learn', 'type_map'),
  b_i: listed('Check', 'image'),
  b_j: listed('Check', 'inst_map'),
  b_k: listed('Check', 'type_map'),
  device: "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
  stage: 0,
  epochs: 50,
  val_interval: 1,
  learning_rate: 1e-4,
  amp: true,
  patch_size: 256,
  out_size: 164,
  network_def: { _target_: 'HoVerNet', in_channels: 3, out_classes: 5, pretrained_url: '$None', freeze_encoder: true },
  network: '$@network_def.to(@device)',
  optimizer: {
    _target_: 'torch.optim.Adam',
    params: '$filter(lambda p: p.requires_grad, @network.parameters())',
    lr: '@learning_rate',
  },
  lr_scheduler: { _target_: 'torch.optim.lr_scheduler.StepLR', optimizer: '@optimizer', step_size: 25 },
  train: {
    preprocessing_transforms: [
      { _target_: 'Lambdad', keys: 'label_inst', func: '$lambda x: skimage.measure.label(x)' },
      {
        _target_: 'RandAffined',
        keys: ['image'],
        prob: 1.0,
        rotate_range: ['$np.pi'],
        scale_range: [
          [-0.2, 0.2],
          [-0.2, 0.2],
        ],
        shear_range: [
          [-0.05, 0.05],
          [-0.05, 0.05],
        ],
        translate_range: [
          [-6, 6],
          [-6, 6],
        ],
        padding_mode: 'zeros',
        mode: 'nearest',
      },
      { _target_: 'CastToTyped', keys: 'image', dtype: '$np.uint8' },
      { _target_: 'Lambdad', keys: 'label_inst', func: '$lambda x: x > 0', overwrite: 'label' },
    ],
    preprocessing: { _target_: 'Compose', transforms: '$@train#preprocessing_transforms' },
    dataset: { _target_: 'CacheDataset', data: zipped('a'), transform: '@train#preprocessing', cache_rate: 0.5 },
    dataloader: { _target_: 'DataLoader', dataset: '@train#dataset', batch_size: 16, shuffle: true, num_workers: 4 },
    postprocessing_np: {
      _target_: 'Compose',
      transforms: [{ _target_: 'Activationsd', keys: 'nucleus_prediction', softmax: true }],
    },
    postprocessing: { _target_: 'Lambdad', keys: 'pred', func: '$@train#postprocessing_np' },
    handlers: [
      { _target_: 'ValidationHandler', validator: '@validate#evaluator', epoch_level: true, interval: '@val_interval' },
      {
        _target_: 'CheckpointSaver',
        save_dir: '@ckpt_dir',
        save_dict: { model: '@network', opt: '@optimizer' },
        save_interval: 10,
        save_final: true,
        final_filename: 'last.pt',
      },
      {
        _target_: 'StatsHandler',
        output_transform: "$monai.handlers.from_engine(['loss'], first=True)",
      },
      { _target_: 'TensorBoardStatsHandler', log_dir: '@output_dir', tag_name: 'train_loss' },
    ],
    extra_handlers: [
      {
        _target_: 'CheckpointLoader',
        load_path: "$os.path.join(@ckpt_dir_stage0, 'last.pt')",
        load_dict: { model: '@network' },
      },
    ],
    train_handlers: '$@train#extra_handlers + @train#handlers if @stage==1 else @train#handlers',
    key_metric: {
      train_mean_dice: {
        _target_: 'MeanDice',
        include_background: false,
        output_transform:
          "$monai.apps.pathology.handlers.utils.from_engine_hovernet(keys=['pred', 'label'], nested_key='nucleus_prediction')",
      },
    },
    trainer: {
      _target_: 'SupervisedTrainer',
      max_epochs: '@epochs',
      device: '@device',
      prepare_batch:
        "$monai.apps.pathology.engines.utils.PrepareBatchHoVerNet(extra_keys=['label_type', 'hover_label_inst'])",
      network: '@network',
      train_handlers: '@train#train_handlers',
      amp: '@amp',
    },
  },
  validate: {
    dataset: { _target_: 'CacheDataset', data: zipped('b'), transform: '@train#preprocessing' },
    dataloader: { _target_: 'DataLoader', dataset: '@validate#dataset', batch_size: 16, shuffle: false },
    postprocessing: '$@train#postprocessing',
    evaluator: { _target_: 'SupervisedEvaluator', device: '@device', network: '@network', amp: '@amp' },
  },
};
const run = (steps: string): JsonObject => ({
  initialize: ['$monai.utils.set_determinism(seed=7)', "$setattr(torch.backends.cudnn, 'benchmark', True)"],
  run: [steps],
});
const train = write('train.json', { ...trainFile, ...run('$@train#trainer.run()') });
const olderTrain = write('older.json', { ...trainFile, training: ['$@train#trainer.run()'] });
const evaluateFile: JsonObject = {
  val_images: "$list(sorted(glob.glob(@dataset_dir + '/Test/image*.npy')))",
  val_labels: "$list(sorted(glob.glob(@dataset_dir + '/Test/label*.npy')))",
  data_list: "$[{'image': i, 'label': j} for i, j in zip(@val_images, @val_labels)]",
  'validate#dataset': { _target_: 'CacheDataset', data: '@data_list', transform: '@validate#preprocessing' },
  'validate#handlers': [
    { _target_: 'CheckpointLoader', load_path: weightsPath, load_dict: { model: '@network' } },
    { _target_: 'StatsHandler', output_transform: '$lambda x: None' },
    { _target_: 'MetricsSaver', save_dir: '@output_dir', batch_transform: "$lambda x: [xx['image'].meta for xx in x]" },
  ],
  postprocessing_pred: {
    _target_: 'Compose',
    transforms: [
      {
        _target_: 'HoVerNetInstanceMapPostProcessingd',
        marker_threshold: 0.5,
        sobel_kernel_size: 15,
        device: '@device',
      },
      { _target_: 'Lambdad', keys: 'instance_map', func: '$lambda x: x > 0', overwrite: 'nucleus_prediction' },
    ],
  },
  'validate#postprocessing': { _target_: 'Lambdad', keys: 'pred', func: '@postprocessing_pred' },
};
const evaluate = write('evaluate.json', { ...evaluateFile, run: ['$@validate#evaluator.run()'] });
const olderEvaluate = write('older-evaluate.json', { ...evaluateFile, evaluating: ['$@validate#evaluator.run()'] });
const severalGpus = write('several.json', {
  device: "$torch.device('cuda:' + os.environ['LOCAL_RANK'])",
  network: {
    _target_: 'torch.nn.parallel.DistributedDataParallel',
    module: '$@network_def.to(@device)',
    device_ids: ['@device'],
  },
  'train#sampler': { _target_: 'DistributedSampler', dataset: '@train#dataset', even_divisible: true, shuffle: true },
  'train#dataloader#sampler': '@train#sampler',
  'train#dataloader#shuffle': false,
  'train#trainer#train_handlers': '$@train#train_handlers[: -3 if dist.get_rank() > 0 else None]',
  'validate#evaluator#val_handlers': '$None if dist.get_rank() > 0 else @validate#handlers',
  initialize: [
    '$import torch.distributed as dist',
    "$dist.is_initialized() or dist.init_process_group(backend='nccl')",
    '$torch.cuda.set_device(@device)',
    '$monai.utils.set_determinism(seed=9)',
  ],
  run: ['$@train#trainer.run()'],
  finalize: ['$dist.is_initialized() and dist.destroy_process_group()'],
});
const infer = write('inference.json', {
  bundle_root: '.',
  output_dir: "$os.path.join(@bundle_root, 'eval')",
  dataset_dir: '/data/Test/Images',
  sw_batch_size: 16,
  patch_size: 256,
  out_size: 164,
  device: "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
  network_def: { _target_: 'HoVerNet', in_channels: 3, out_classes: 5 },
  network: '$@network_def.to(@device)',
  preprocessing: {
    _target_: 'Compose',
    transforms: [
      {
        _target_: 'LoadImaged',
        keys: 'image',
        reader: '$monai.data.PILReader',
        converter: "$lambda x: x.convert('RGB')",
      },
    ],
  },
  data_list: "$[{'image': image} for image in glob.glob(os.path.join(@dataset_dir, '*.png'))]",
  dataset: { _target_: 'Dataset', data: '@data_list', transform: '@preprocessing' },
  inferer: {
    _target_: 'SlidingWindowHoVerNetInferer',
    roi_size: '@patch_size',
    sw_batch_size: '@sw_batch_size',
    overlap: '$1.0 - float(@out_size) / float(@patch_size)',
    padding_mode: 'constant',
    extra_input_padding: '$((@patch_size - @out_size) // 2,) * 4',
  },
  sub_keys: ['horizontal_vertical'],
  postprocessing: {
    _target_: 'Compose',
    transforms: [
      { _target_: 'FlattenSubKeysd', keys: 'pred', sub_keys: '$@sub_keys', delete_keys: true },
      {
        _target_: 'HoVerNetInstanceMapPostProcessingd',
        sobel_kernel_size: 21,
        marker_threshold: 0.4,
        marker_radius: 2,
      },
    ],
  },
  handlers: [{ _target_: 'CheckpointLoader', load_path: weightsPath, map_location: '@device' }],
  ...run('$@evaluator.run()'),
});
const compiled = write('inference_trt.json', {
  '+imports': ['$from monai.networks import trt_compile'],
  trt_args: { output_names: '$@sub_keys', dynamic_batchsize: '$[1, @sw_batch_size, @sw_batch_size]' },
  network: "$trt_compile(@network_def.to(@device), @bundle_root + '/models/model.pt', args=@trt_args)",
});

/** As `hovernet run --config_file FILES WORDS`. */
function load(files: readonly string[], ...words: string[]) {
  return loadFromArguments({ config_file: JSON.stringify(files) }, words, []);
}

describe('files in the words of the bundle', () => {
  it('train both stages, on the folders that their patterns name', async () => {
    expect(await load([train])).toMatchObject({
      workflow: 'train',
      seed: 7,
      datasetDir: '/data/Prepared',
      checkpointDir: './models/stage0',
      stage0CheckpointPath: './models/stage0/last.pt',
      engine: { providers: ['auto'], precision: 'float32' },
      training: { phase: 'Learn', finalName: 'last.pt', loading: { cacheRate: 0.5 }, augmentation: { affine: true } },
      validation: { phase: 'Check' },
    });
    expect(await load([olderTrain], '--stage', '1', '--dataset_dir', '/other')).toMatchObject({
      workflow: 'train',
      checkpointDir: './models',
      datasetDir: '/other',
    });
    const words = ['--epochs', '2', '--batch_size', '8', '--device', 'cuda', '--train#dataset#phase', 'Train'];
    expect(await load([train], ...words)).toMatchObject({
      engine: { providers: ['cuda'], precision: 'mixed' },
      training: { phase: 'Train', epochs: 2, sampler: { batchSize: 8 } },
      validation: { sampler: { batchSize: 8 } },
    });
  });

  it('train in several processes', async () => {
    expect(await load([train, severalGpus])).toMatchObject({ seed: 9, training: { sampler: { shuffle: true } } });
  });

  it.each([
    ['as `run` says', [train, evaluate], []],
    ['as the last list of steps says', [olderTrain, olderEvaluate], []],
    ['as asked for', [olderEvaluate, olderTrain], ['--run_id', 'evaluating']],
  ])('evaluate, %s', async (_, files, words) => {
    expect(await load(files, ...words)).toMatchObject({ workflow: 'evaluate' });
  });

  it('evaluate by their post-processing and weights, or others', async () => {
    expect(await load([train, evaluate])).toMatchObject({
      weightsPath: './models/model.pt',
      validation: { phase: 'Test' },
      postprocess: { markerThreshold: 0.5, sobelKernelSize: 15 },
    });
    const words = ['--weights', 'mine.pt', '--postprocess#marker_threshold', '0.3'];
    expect(await load([train, evaluate], ...words)).toMatchObject({
      weightsPath: 'mine.pt',
      postprocess: { markerThreshold: 0.3, sobelKernelSize: 15 },
    });
  });

  it('infer the images that their pattern names, or others', async () => {
    expect(await load([infer])).toMatchObject({
      workflow: 'infer',
      inference: { inputs: ['/data/Test/Images/*.png'] },
    });
    expect(await load([infer], '--dataset_dir', 'a.png')).toMatchObject({
      datasetDir: 'a.png',
      inference: { inputs: null },
    });
    expect(await load([infer], '--weights', 'mine.pt')).toMatchObject({ weightsPath: 'mine.pt' });
  });

  it('compile for TensorRT as the packaged file does', async () => {
    const { engine } = await loadConfiguration({ files: [packagedFile('inference'), packagedFile('inference_trt')] });
    const { providers, precision, allowCpu } = engine;
    expect(await load([infer, compiled])).toMatchObject({ engine: { providers, precision, allowCpu } });
    expect((await load([infer, compiled], '--device', 'cpu')).engine.providers).toEqual(['cpu']);
  });
});

describe('Python that is not known', () => {
  it('is refused, all of it at once, with id, file and what was written', async () => {
    const odd = write('odd.json', {
      mine: "$open('x').read()",
      'train#trainer#prepare_batch': '$my.batch(3)',
      'train#preprocessing_transforms#0#func': '$lambda x: x * 2',
      'optimizer#lr': '$@learning_rate.bit_length()',
      initialize: ["$os.system('true')"],
    });
    const error: Error = await load([train, odd]).then(
      () => new Error('accepted'),
      (reason: Error) => reason,
    );
    const lines = error.message.split('\n');
    expect(lines).toHaveLength(5);
    for (const id of ['mine', 'train#trainer#prepare_batch', 'optimizer#lr', 'initialize#0'])
      expect(error.message).toContain(`configuration ${id}: `);
    for (const line of lines) expect(line).toMatch(/\(in .*odd\.json\)$/);
    expect(error.message).not.toContain('reference_');
  });

  it('is refused in lists of files: other endings, and files of several folders', async () => {
    const data = (pattern: string) => `$[{'image': i} for i in glob.glob(@dataset_dir + '${pattern}')]`;
    await expect(load([train], '--train#dataset#data', data('/Train/*.tif'))).rejects.toThrow(
      'configuration train#dataset#data: expected *image.npy, *inst_map.npy, *type_map.npy or image*.npy, label*.npy of one folder',
    );
    await expect(load([train], '--a_j', "$sorted(glob.glob('/elsewhere/Train/*inst_map.npy'))")).rejects.toThrow(
      'of one folder, as hovernet prepare writes them, got /data/Prepared/Learn/*image.npy, /elsewhere/',
    );
  });
});
