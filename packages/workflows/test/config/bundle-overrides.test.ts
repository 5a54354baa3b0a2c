// What users of the MONAI bundle type, with `hovernet` in place of `python -m monai.bundle`.
import { describe, expect, it } from 'vitest';
import { loadFromArguments } from '../../src/cli/configuration-arguments.js';
import type { HovernetConfiguration } from '../../src/config/configuration.js';
import { hashConfiguration } from '../../src/config/save-configuration.js';
import { createTemporaryFiles } from './temporary-files.js';

const { write } = createTemporaryFiles();

/** `words` as a shell splits them, behind `hovernet run`. */
function run(config_file: string, ...words: string[]): Promise<HovernetConfiguration> {
  return loadFromArguments({ config_file }, words, []);
}

const train = 'configs/train.json';
const evaluate = "['configs/train.json','configs/evaluate.json']";

describe('the commands of the bundle', () => {
  it('train stage 0 and 1', async () => {
    expect(await run(train, '--stage', '0', '--dataset_dir', '/data')).toMatchObject({
      workflow: 'train',
      stage: 0,
      datasetDir: '/data',
      checkpointDir: './models/stage0',
      network: { freezeEncoder: true },
    });
    expect(await run(train, '--network_def#freeze_encoder', 'False', '--stage', '1')).toMatchObject({
      stage: 1,
      checkpointDir: './models',
      stage0CheckpointPath: './models/stage0/model.safetensors',
      network: { freezeEncoder: false },
    });
    expect(await run(train, '--network_def#pretrained_url', 'https://example.org/r50.pth')).toMatchObject({
      network: { pretrainedUrl: 'https://example.org/r50.pth', adaptStandardResnet: true },
    });
  });

  it('train in several processes', async () => {
    const files = "['configs/train.json','configs/multi_gpu_train.json']";
    const words = ['--batch_size', '8', '--network_def#freeze_encoder', 'True', '--stage', '0'];
    expect(await run(files, ...words)).toMatchObject({
      training: { sampler: { batchSize: 8, shuffle: true } },
      validation: { sampler: { batchSize: 8, shuffle: false } },
      network: { freezeEncoder: true },
    });
  });

  it('evaluate and infer', async () => {
    expect(await run(evaluate)).toMatchObject({ workflow: 'evaluate', network: { freezeEncoder: false } });
    expect(await run('configs/inference.json', '--dataset_dir', 'x')).toMatchObject({
      workflow: 'infer',
      datasetDir: 'x',
    });
    expect(await run("['configs/inference.json', 'configs/inference_trt.json']")).toMatchObject({
      workflow: 'infer',
      engine: { precision: 'float16', allowCpu: false },
    });
    const { engine } = await run("['configs/inference.json','configs/inference_trt.json']", '--allow_cpu');
    expect(engine.providers.slice(0, 2)).toEqual(['tensorrt', 'cuda']);
    expect(engine.providers).not.toContain('cpu');
    expect(engine.allowCpu).toBe(true);
  });
});

describe('overrides of the bundle', () => {
  it.each<[id: string, value: string, expected: object]>([
    ['bundle_root', 'b', { bundleRoot: 'b', checkpointDir: 'b/models/stage0', outputDir: 'b/eval' }],
    ['ckpt_dir_stage0', 'a', { checkpointDir: 'a', stage0CheckpointPath: 'a/model.safetensors' }],
    ['ckpt_dir', 'a', { checkpointDir: 'a' }],
    ['ckpt_path_stage0', 'a.pt', { stage0CheckpointPath: 'a.pt' }],
    ['output_dir', 'o', { outputDir: 'o' }],
    ['device', 'cpu', { engine: { providers: ['cpu'] } }],
    ['device', 'cuda:0', { engine: { providers: ['cuda'] } }],
    ['epochs', '3', { training: { epochs: 3 } }],
    ['batch_size', '2', { training: { sampler: { batchSize: 2 } } }],
    ['val_interval', '5', { validation: { intervalEpochs: 5 } }],
    ['learning_rate', '1e-3', { optimizer: { learningRate: 1e-3 } }],
    ['amp', 'True', { engine: { precision: 'mixed' } }],
    ['amp', 'False', { engine: { precision: 'float32' } }],
    ['hovernet_mode', 'original', { network: { architecture: { mode: 'original' } } }],
    ['patch_size', '270', { patchSizePx: 270 }],
    ['out_size', '80', { outputSizePx: 80 }],
    ['network_def#out_classes', '7', { network: { architecture: { outClasses: 7 } } }],
    ['network_def#adapt_standard_resnet', 'False', { network: { adaptStandardResnet: false } }],
    ['network_def#preset', 'tiny', { network: { architecture: { preset: 'tiny' } } }],
    ['network_def#in_channels', '3', {}],
    ['loss#lambda_hv_mse', '2.0', { loss: { hvMse: 2 } }],
    ['optimizer#lr', '0.01', { optimizer: { learningRate: 0.01 } }],
    ['optimizer#weight_decay', '0', { optimizer: { weightDecay: 0 } }],
    ['lr_scheduler#step_size', '10', { schedule: { stepSizeEpochs: 10 } }],
    ['train#dataset#cache_rate', '0.0', { training: { loading: { cacheRate: 0 } } }],
    ['train#dataset#num_workers', '4', {}],
    ['train#dataloader#num_workers', '0', { training: { loading: { workers: 0 } } }],
    ['train#dataloader#shuffle', 'False', { training: { sampler: { shuffle: false } } }],
    ['train#dataloader#pin_memory', 'True', {}],
    ['train#trainer#max_epochs', '4', { training: { epochs: 4 } }],
    ['train#trainer#amp', 'False', {}],
    ['train#handlers#1#interval', '2', { validation: { intervalEpochs: 2 } }],
    ['train::handlers::2::save_interval', '5', { training: { saveIntervalEpochs: 5 } }],
    ['train#handlers#4#_disabled_', 'True', {}],
    ['validate#dataloader#num_workers', '0', { validation: { loading: { workers: 0 } } }],
    ['validate#dataset#cache_rate', '0.5', { validation: { loading: { cacheRate: 0.5 } } }],
    ['imports', "['$import glob']", {}],
    ['initialize', "['$monai.utils.set_determinism(seed=123)']", {}],
    ['run', "['$@train#trainer.run()']", {}],
    ['finalize', '[]', {}],
    ['network', '$@network_def.to(@device)', {}],
    ['seed', '7', { seed: 7 }],
  ])('carry over to training: --%s %s', async (id, value, expected) => {
    expect(await run(train, `--${id}`, value)).toMatchObject(expected);
  });

  it.each<[id: string, value: string, expected: object]>([
    ['sw_batch_size', '16', { windowBatchSize: 16 }],
    ['amp', 'True', { engine: { precision: 'float16' } }],
    ['batch_size', '1', {}],
    ['num_cpus', '2', {}],
    ['sub_keys', "['horizontal_vertical']", {}],
    ['data_list', '$[{"image": i} for i in glob.glob("*.png")]', {}],
    ['dataloader#num_workers', '2', {}],
    ['inferer#sw_batch_size', '4', { windowBatchSize: 4 }],
    ['inferer#roi_size', '[270, 270]', { patchSizePx: 270 }],
    ['postprocessing#transforms#1#marker_threshold', '0.5', { postprocess: { markerThreshold: 0.5 } }],
    ['postprocess#marker_threshold', '0.3', { postprocess: { markerThreshold: 0.3 } }],
    ['handlers#0#load_path', 'x.pt', { weightsPath: 'x.pt' }],
    ['handlers#0#_disabled_', 'True', { weightsPath: './models/model.safetensors' }],
  ])('carry over to inference: --%s %s', async (id, value, expected) => {
    expect(await run('configs/inference.json', `--${id}`, value)).toMatchObject(expected);
  });

  it('carry over to evaluation', async () => {
    const words = [
      '--validate#handlers#0#load_path',
      'x.pt',
      '--validate#postprocessing#transforms#0#marker_threshold',
      '0.5',
    ];
    expect(await run(evaluate, ...words)).toMatchObject({ weightsPath: 'x.pt', postprocess: { markerThreshold: 0.5 } });
  });

  it('take values from other files', async () => {
    const other = write('other.yaml', 'net:\n  epochs: 9\n');
    expect(await run(train, '--epochs', `%${other}#net#epochs`)).toMatchObject({ training: { epochs: 9 } });
  });

  it('that have no meaning here change nothing', async () => {
    const hash = hashConfiguration(await run(train));
    const words = ['--imports', '[]', '--run', '[]', '--network', 'x', '--num_cpus', '3', '--run_id', 'training'];
    expect(hashConfiguration(await run(train, ...words))).toBe(hash);
  });
});

describe('files in the bundle’s own words', () => {
  // Written after its documentation: Python where the bundle has Python.
  const bundle = write('train.json', {
    imports: ['$import glob', '$import os'],
    bundle_root: '.',
    ckpt_dir_stage0: "$os.path.join(@bundle_root, 'models', 'stage0')",
    ckpt_dir_stage1: "$os.path.join(@bundle_root, 'models')",
    ckpt_dir: '$@ckpt_dir_stage0 if @stage == 0 else @ckpt_dir_stage1',
    ckpt_path_stage0: "$@ckpt_dir_stage0 + '/model.pt'",
    output_dir: "$os.path.join(@bundle_root, 'eval')",
    dataset_dir: '/workspace/Data/Pathology/CoNSeP/Prepared/',
    device: "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
    stage: 0,
    epochs: 50,
    batch_size: 16,
    learning_rate: 1e-4,
    amp: true,
    hovernet_mode: 'fast',
    network_def: { _target_: 'HoVerNet', mode: '@hovernet_mode', in_channels: 3, out_classes: 5, freeze_encoder: true },
    network: '$@network_def.to(@device)',
    loss: { _target_: 'HoVerNetLoss', lambda_hv_mse: 1.0 },
    optimizer: {
      _target_: 'torch.optim.Adam',
      params: '$filter(lambda p: p.requires_grad, @network.parameters())',
      lr: '@learning_rate',
      weight_decay: 1e-5,
    },
    lr_scheduler: { _target_: 'torch.optim.lr_scheduler.StepLR', optimizer: '@optimizer', step_size: 25 },
    train: {
      preprocessing_transforms: [
        { _target_: 'LoadImaged', keys: ['image', 'label_inst'] },
        { _target_: 'Lambdad', keys: 'label_inst', func: '$lambda x: measure.label(x)' },
        { _target_: 'RandAffined', prob: 1.0, keys: ['image'], rotate_range: '$np.pi', mode: 'nearest' },
        { _target_: 'CastToTyped', keys: 'image', dtype: '$np.uint8' },
      ],
      preprocessing: { _target_: 'Compose', transforms: '$@train#preprocessing_transforms' },
      dataset: {
        _target_: 'CacheDataset',
        data: "$[{'image': i} for i in glob.glob(@dataset_dir + '/Train/*image.npy')]",
        transform: '@train#preprocessing',
        cache_rate: 1.0,
        num_workers: 4,
      },
      dataloader: {
        _target_: 'DataLoader',
        dataset: '@train#dataset',
        batch_size: '@batch_size',
        num_workers: 4,
        shuffle: true,
      },
      trainer: {
        _target_: 'SupervisedTrainer',
        max_epochs: '@epochs',
        network: '@network',
        optimizer: '@optimizer',
        train_handlers: '$[@train#ckpt_loader] + @train#handlers if @stage==1 else @train#handlers',
        amp: '@amp',
      },
    },
    initialize: ['$monai.utils.set_determinism(seed=321)', "$setattr(torch.backends.cudnn, 'benchmark', True)"],
    run: ['$@train#trainer.run()'],
  });

  it('load as they are, without running any of it', async () => {
    expect(await run(bundle)).toMatchObject({
      workflow: 'train',
      checkpointDir: './models/stage0',
      stage0CheckpointPath: './models/stage0/model.pt',
      outputDir: './eval',
      engine: { providers: ['auto'], precision: 'float32' },
      optimizer: { learningRate: 1e-4 },
      training: { epochs: 50, sampler: { batchSize: 16 }, augmentation: { affine: true, flip: false } },
    });
    expect(await run(bundle, '--stage', '1')).toMatchObject({ checkpointDir: './models' });
  });

  it.each([
    ['$@validate#evaluator.run()', 'evaluate'],
    ['$@evaluator.run()', 'infer'],
  ])('say by `run` what is to be done: %s', async (step, workflow) => {
    expect(await run(bundle, '--run', `["${step}"]`)).toMatchObject({ workflow });
  });
});
