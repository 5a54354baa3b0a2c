// The command line comes last: over files in the bundle's words, and over saved configurations.
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { packagedFile, type PackagedName } from '../../src/config/load-document.js';
import type { JsonValue } from '../../src/config/json.js';
import { saveConfiguration } from '../../src/config/save-configuration.js';
import { createTemporaryFiles } from './temporary-files.js';

const { folder, write } = createTemporaryFiles();

const cases: Readonly<Record<'train' | 'infer', readonly [id: string, value: JsonValue, expected: object][]>> = {
  train: [
    ['epochs', 3, { training: { epochs: 3 } }],
    ['batch_size', 2, { training: { sampler: { batchSize: 2 } }, validation: { sampler: { batchSize: 2 } } }],
    ['learning_rate', 0.5, { optimizer: { learningRate: 0.5 } }],
    ['val_interval', 7, { validation: { intervalEpochs: 7 } }],
    ['validate#interval', 7, { validation: { intervalEpochs: 7 } }],
    ['ckpt_dir', 'there', { checkpointDir: 'there' }],
    ['ckpt_dir_stage0', 'zero', { checkpointDir: 'zero', stage0CheckpointPath: 'zero/model.pt' }],
    ['ckpt_path_stage0', 'start.pt', { stage0CheckpointPath: 'start.pt' }],
    ['stage', 1, { stage: 1, checkpointDir: 'models' }],
    ['output_dir', 'there', { outputDir: 'there' }],
    ['amp', true, { engine: { precision: 'mixed' } }],
    ['device', 'cuda', { engine: { providers: ['cuda'] } }],
    ['patch_size', 270, { patchSizePx: 270 }],
    ['hovernet_mode', 'original', { network: { architecture: { mode: 'original' } } }],
    ['train#trainer#save_interval', 4, { training: { saveIntervalEpochs: 4 } }],
    ['train#dataset#cache_rate', 0.5, { training: { loading: { cacheRate: 0.5 } } }],
    ['train#dataloader#shuffle', true, { training: { sampler: { shuffle: true } } }],
    ['train#augmentation#flip', false, { training: { augmentation: { flip: false } } }],
  ],
  infer: [
    ['weights', 'mine.pt', { weightsPath: 'mine.pt' }],
    ['output_dir', 'there', { outputDir: 'there' }],
    ['postprocess#marker_threshold', 0.25, { postprocess: { markerThreshold: 0.25 } }],
    ['patch_size', 512, { patchSizePx: 512 }],
    ['sw_batch_size', 3, { windowBatchSize: 3 }],
    ['amp', true, { engine: { precision: 'float16' } }],
    ['device', 'cuda', { engine: { providers: ['cuda'] } }],
    ['infer#outputs', ['png'], { inference: { outputs: ['png'] } }],
  ],
};

/** Every value literally, in the components and beside them: nothing follows the variables. */
const literal = {
  train: write('literal-train.json', {
    ckpt_dir_stage0: 'models/stage0',
    ckpt_dir_stage1: 'models',
    ckpt_path_stage0: 'models/stage0/model.pt',
    ckpt_dir: 'models/stage0',
    output_dir: 'eval',
    epochs: 50,
    val_interval: 1,
    learning_rate: 1e-4,
    hovernet_mode: 'fast',
    patch_size: 256,
    network_def: { _target_: 'HoVerNet', mode: 'fast' },
    optimizer: { _target_: 'Adam', lr: 1e-4 },
    engine: { provider: 'cpu', precision: 'float32' },
    train: {
      dataset: { _target_: 'Dataset' },
      sampler: { _target_: 'DistributedSampler', shuffle: false },
      dataloader: { _target_: 'DataLoader', batch_size: 16, shuffle: false },
      preprocessing: { _target_: 'Compose', transforms: [{ _target_: 'RandFlipd', prob: 0.5, spatial_axis: 0 }] },
      handlers: [
        { _target_: 'ValidationHandler', interval: 1 },
        { _target_: 'CheckpointSaver', save_dir: 'models/stage0', save_interval: 10 },
        { _target_: 'TensorBoardStatsHandler', log_dir: 'eval' },
        { _target_: 'CheckpointLoader', load_path: 'models/stage0/model.pt' },
      ],
      trainer: { _target_: 'SupervisedTrainer', max_epochs: 50 },
    },
    validate: { interval: 1, dataloader: { _target_: 'DataLoader', batch_size: 16 } },
  }),
  infer: write('literal-infer.json', {
    workflow: 'infer',
    output_dir: 'eval',
    weights: 'models/model.pt',
    engine: { provider: 'cpu', precision: 'float32' },
    inferer: { _target_: 'SlidingWindowHoVerNetInferer', roi_size: [256, 256], sw_batch_size: 16 },
    handlers: [{ _target_: 'CheckpointLoader', load_path: 'models/model.pt' }],
    postprocess: { marker_threshold: 0.4 },
    postprocessing: {
      _target_: 'Compose',
      transforms: [
        { _target_: 'HoVerNetInstanceMapPostProcessingd', marker_threshold: 0.4 },
        { _target_: 'SaveImaged', output_dir: 'eval' },
      ],
    },
  }),
};

describe.each(['train', 'infer'] as const)('%s: the command line wins over components', (workflow) => {
  it.each(cases[workflow])('--%s %j', async (id, value, expected) => {
    expect(await loadConfiguration({ files: [literal[workflow]], overrides: [[id, value]] })).toMatchObject(expected);
  });

  it('and so does a later file', async () => {
    for (const [index, [id, value, expected]] of cases[workflow].entries()) {
      if (id === 'amp') continue;
      const later = write(`later-${index}.json`, { [id]: value });
      expect(await loadConfiguration({ files: [literal[workflow], later] }), id).toMatchObject(expected);
    }
  });
});

describe.each<readonly ['train' | 'infer', readonly PackagedName[]]>([
  ['train', ['train']],
  ['infer', ['inference']],
])('%s: the command line wins over a saved configuration', (workflow, packaged) => {
  let saved: string;
  beforeAll(async () => {
    const config = await loadConfiguration({
      files: packaged.map(packagedFile),
      overrides: [['ckpt_path_stage0', 'models/stage0/model.pt']],
    });
    saved = (await saveConfiguration(config, folder, workflow)).path;
  });

  it.each(cases[workflow])('--%s %j', async (id, value, expected) => {
    const overrides = [[id, value]] as const;
    const over = [...packaged.map(packagedFile), saved];
    expect(await loadConfiguration({ files: [saved], overrides })).toMatchObject(normal(expected));
    expect(await loadConfiguration({ files: over, overrides })).toMatchObject(normal(expected));
  });

  it('which says nothing twice', async () => {
    const { document } = await loadConfiguration({ files: [saved] });
    for (const id of ['epochs', 'batch_size', 'handlers', 'inferer', 'postprocessing', 'device', 'amp'])
      expect(document).not.toHaveProperty(id);
    expect(document['train']).not.toHaveProperty('handlers');
  });

  it('but for bundle_root, which nothing in it refers to', async () => {
    const overrides = [['bundle_root', 'elsewhere']] as const;
    await expect(loadConfiguration({ files: [saved], overrides })).rejects.toThrow(
      'configuration bundle_root: nothing in these files refers to it; give weights, output_dir, ckpt_dir, dataset_dir instead',
    );
  });
});

/** The packaged files write their paths with `./`. */
function normal(expected: object): object {
  const text = JSON.stringify(expected).replace('"checkpointDir":"models"', '"checkpointDir":"./models"');
  return JSON.parse(text) as object;
}
