import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../src/config/check-document.js';
import type { JsonObject, JsonValue } from '../../src/config/json.js';
import { loadConfiguration, loadResolved } from '../../src/config/load-configuration.js';
import { packagedFile } from '../../src/config/load-document.js';
import { findTarget, targets } from '../../src/config/targets/registry.js';
import { createTemporaryFiles } from './temporary-files.js';

const { write } = createTemporaryFiles();

function load(content: JsonObject, ...overrides: [string, JsonValue][]) {
  return loadConfiguration({ files: [write('config.json', content)], overrides });
}

function override(...overrides: [string, JsonValue][]) {
  return loadConfiguration({ files: [packagedFile('train')], overrides });
}

describe('targets', () => {
  it('are those of the bundle', () => {
    const bundle =
      'Activationsd AsDiscreted CacheDataset CastToTyped CenterSpatialCropd CheckpointLoader CheckpointSaver Compose ' +
      'ComputeHoVerMapsd DataLoader Dataset DistributedSampler EnsureChannelFirstd FlattenSubKeysd FromMetaTensord ' +
      'HoVerNet HoVerNetInstanceMapPostProcessingd HoVerNetLoss HoVerNetNuclearTypePostProcessingd Lambdad LoadImaged ' +
      'LrScheduleHandler MeanDice MedianSmoothd MetricsSaver OneOf RandAffined RandFlipd RandGaussianNoised ' +
      'RandGaussianSmoothd SaveImaged ScaleIntensityRanged SimpleInferer SlidingWindowHoVerNetInferer SplitDimd ' +
      'StatsHandler SupervisedEvaluator SupervisedTrainer TensorBoardStatsHandler TorchVisiond ValidationHandler ' +
      'torch.nn.parallel.DistributedDataParallel torch.optim.Adam torch.optim.lr_scheduler.StepLR';
    for (const name of bundle.split(' ')) expect(findTarget(name), name).toBeDefined();
  });

  it('have short and dotted names, of their own library only', () => {
    expect(findTarget('Adam')).toBe(findTarget('torch.optim.Adam'));
    expect(findTarget('monai.handlers.StatsHandler')).toBe(findTarget('StatsHandler'));
    expect(findTarget('os.Adam')).toBeUndefined();
    expect(findTarget('toString')).toBeUndefined();
    expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
  });

  it('lead to the configuration: sections', async () => {
    const config = await load({
      network_def: {
        _target_: 'monai.networks.nets.HoVerNet',
        mode: 'fast',
        in_channels: 3,
        act: 'relu',
        out_classes: 4,
      },
      loss: { _target_: 'HoVerNetLoss', lambda_hv_mse: 2 },
      optimizer: { _target_: 'Adam', params: '$filter(lambda p: p.requires_grad, @network.parameters())', lr: 0.5 },
      lr_scheduler: { _target_: 'CosineAnnealingLR', optimizer: '@optimizer', T_max: 50 },
      train: {
        dataset: { _target_: 'CacheDataset', data: '$[]', transform: '@train#preprocessing', cache_rate: 0.5 },
        dataloader: { _target_: 'DataLoader', dataset: '@train#dataset', batch_size: 3, pin_memory: true },
        trainer: { _target_: 'SupervisedTrainer', max_epochs: 7, network: '@network', amp: true },
      },
    });
    expect(config.network.architecture.outClasses).toBe(4);
    expect(config.loss.hvMse).toBe(2);
    expect(config.optimizer.learningRate).toBe(0.5);
    expect(config.schedule.type).toBe('cosine');
    expect(config.training).toMatchObject({ epochs: 7, sampler: { batchSize: 3 }, loading: { cacheRate: 0.5 } });
  });

  it('lead to the configuration: handlers, inferer, post-processing', async () => {
    const config = await load({
      workflow: 'infer',
      train: {
        handlers: [
          { _target_: 'ValidationHandler', validator: '@validate#evaluator', interval: 4 },
          { _target_: 'CheckpointSaver', save_dir: 'there', save_interval: 6, save_dict: { model: '@network' } },
          { _target_: 'TensorBoardStatsHandler', log_dir: 'logs', output_transform: '$lambda x: x' },
          { _target_: 'CheckpointLoader', load_path: 'start.pt', load_dict: { model: '@network' } },
        ],
      },
      handlers: [{ _target_: 'CheckpointLoader', load_path: 'weights.pt' }],
      inferer: { _target_: 'SlidingWindowHoVerNetInferer', roi_size: [270, 270], sw_batch_size: 5, overlap: 0.5 },
      postprocessing: {
        _target_: 'Compose',
        transforms: [{ _target_: 'HoVerNetInstanceMapPostProcessingd', marker_threshold: 0.5, sobel_kernel_size: 15 }],
      },
    });
    expect(config).toMatchObject({
      validation: { intervalEpochs: 4 },
      training: { saveIntervalEpochs: 6 },
      checkpointDir: 'there',
      outputDir: 'logs',
      stage0CheckpointPath: 'start.pt',
      weightsPath: 'weights.pt',
      patchSizePx: 270,
      windowBatchSize: 5,
      postprocess: { markerThreshold: 0.5, sobelKernelSize: 15 },
    });
    expect(config.document['weights']).toBe('weights.pt');
  });

  it('lead to the configuration: the random steps of the train pipeline', async () => {
    const { augmentation } = (await override(['train#preprocessing_transforms#3#_disabled_', true])).training;
    expect(augmentation).toMatchObject({ affine: false, flip: true, blurNoise: true, color: true });
    const switched = (await override(['train#augmentation#color', false])).training.augmentation;
    expect(switched).toMatchObject({ affine: true, color: false });
  });

  it('lead to the configuration: samplers of several processes', async () => {
    const files = [packagedFile('train'), packagedFile('multi_gpu_train')];
    expect(await loadResolved({ files })).not.toEqual(await loadResolved({ files: [packagedFile('train')] }));
    expect(await loadConfiguration({ files })).toEqual(await override());
  });

  it('may stand at an id of the user’s own that another refers to', async () => {
    const own = { _target_: 'Adam', lr: 0.25 };
    expect((await load({ mine: own, optimizer: '@mine' })).optimizer.learningRate).toBe(0.25);
    expect((await load({ mine: own, optimizer: '%mine' })).optimizer.learningRate).toBe(0.25);
    expect((await load({ rate: 0.5, learning_rate: '$@rate / 2' })).document).not.toHaveProperty('rate');
    await expect(load({ mine: own })).rejects.toThrow('configuration mine: there is no such id');
  });
});

describe('components are refused', () => {
  it.each<[JsonObject, string]>([
    [
      { optimizer: { _target_: 'Adams' } },
      'configuration optimizer#_target_: there is no component Adams; did you mean Adam?',
    ],
    [{ optimizer: { _target_: 'os.system' } }, 'configuration optimizer#_target_: there is no component os.system'],
    [{ optimizer: { _target_: 3 } }, 'configuration optimizer#_target_: there is no component 3'],
    [
      { loss: { _target_: 'StepLR' } },
      'configuration loss#_target_: expected a loss (HoVerNetLoss), got StepLR, which is a scheduler',
    ],
    [
      { optimizer: { _target_: 'Adam', learning_rate: 1 } },
      'configuration optimizer#learning_rate: there is no such id',
    ],
    [{ optimizer: { _target_: 'Adam', lr: 'x' } }, 'configuration optimizer#lr: expected a number, got "x"'],
    [
      { network_def: { _target_: 'HoVerNet', in_channels: 4 } },
      'configuration network_def#in_channels: expected 3, the only value here, got 4',
    ],
    [{ network_def: { _target_: 'HoVerNet', act: 'prelu' } }, 'configuration network_def#act: expected relu'],
    [
      { train: { handlers: [{ _target_: 'ValidationHandler', intervall: 2 }] } },
      'configuration train#handlers#0#intervall: there is no such id; did you mean train#handlers#0#interval?',
    ],
    [
      { train: { handlers: [{ _target_: 'ValidationHandler', interval: 0 }] } },
      'configuration train#handlers#0#interval: expected at least 1, got 0',
    ],
    [
      { train: { handlers: [{ name: 'x' }] } },
      'configuration train#handlers#0: expected a handler: a section with _target_, got {"name":"x"}',
    ],
    [{ handlers: [3] }, 'configuration handlers#0: expected a handler: a section with _target_, got 3'],
    [
      { postprocessing: { _target_: 'Compose', transforms: [{ _target_: 'StatsHandler' }] } },
      'configuration postprocessing#transforms#0#_target_: expected a transform (',
    ],
    [
      { handlers: [{ _target_: 'CheckpointLoader' }] },
      'configuration handlers#0#load_path: expected text, got nothing',
    ],
    [
      {
        handlers: [{ _target_: 'CheckpointLoader', load_path: 'a' }],
        validate: { handlers: [{ _target_: 'CheckpointLoader', load_path: 'b' }] },
      },
      'configuration validate#handlers#0: it sets weights to "b", but handlers#0 to "a"',
    ],
    [
      { train: { preprocessing: { _target_: 'Compose', transforms: [{ _target_: 'MedianSmoothd', radius: 1 }] } } },
      'MedianSmoothd without RandGaussianSmoothd and RandGaussianNoised is not available',
    ],
    [
      { train: { preprocessing: { _target_: 'RandAffined', shear_range: [1, 1] } } },
      'configuration train#preprocessing#shear_range: expected [0.05,0.05], the only value here; see train#augmentation, got [1,1]',
    ],
    [{ device: 'cuda:1' }, 'configuration device: expected cuda or cuda:0, got cuda:1; set CUDA_VISIBLE_DEVICES=1'],
  ])('%j', (document, message) => {
    expect(() => checkDocument(document)).toThrow(message);
  });
});
