import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../src/config/check-document.js';
import type { JsonValue } from '../../src/config/json.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { packagedFile } from '../../src/config/load-document.js';

function override(...overrides: [string, JsonValue][]) {
  return loadConfiguration({ files: [packagedFile('train')], overrides });
}

describe('packaged configurations', () => {
  it('train states the default of everything that it states, but for the frozen encoder of stage 0', async () => {
    const train = await loadConfiguration({ files: [packagedFile('train')] });
    const defaults = checkDocument({});
    expect(train).toEqual({
      ...defaults,
      network: { ...defaults.network, freezeEncoder: true },
      checkpointDir: './models/stage0',
      document: train.document,
    });
  });

  it('evaluate over train scores the final weights', async () => {
    const config = await loadConfiguration({ files: [packagedFile('train'), packagedFile('evaluate')] });
    expect(config).toMatchObject({
      workflow: 'evaluate',
      weightsPath: './models/model.safetensors',
      network: { freezeEncoder: false },
    });
  });

  it('evaluation and inference separate nuclei by one and the same threshold', async () => {
    const evaluate = await loadConfiguration({ files: [packagedFile('train'), packagedFile('evaluate')] });
    const infer = await loadConfiguration({ files: [packagedFile('inference')] });
    expect(infer.postprocess).toEqual(evaluate.postprocess);
    expect(infer.postprocess).toEqual({});
  });

  it('the demo keeps to its folder and reads images for inference', async () => {
    const demo = packagedFile('demo');
    const train = await loadConfiguration({ files: [packagedFile('train'), demo] });
    const infer = await loadConfiguration({ files: [packagedFile('inference'), demo] });
    expect(train).toMatchObject({
      datasetDir: 'runs/demo/prepared',
      checkpointDir: 'runs/demo/models',
      taxonomy: 'nucls',
      network: { architecture: { preset: 'lite', outClasses: 3 }, freezeEncoder: false },
      prepare: { root: 'samples/nucls', outputDir: 'runs/demo/prepared', patchSizePx: [436, 436], stepPx: [128, 128] },
    });
    expect(train.training.sampler.batchSize).toBe(4);
    expect(train.optimizer.learningRate).toBe(2e-3);
    expect(infer).toMatchObject({
      workflow: 'infer',
      datasetDir: 'samples/nucls/Test/Images',
      weightsPath: 'runs/demo/models/model.safetensors',
    });
  });
});

describe('overrides', () => {
  it('reach what refers to them', async () => {
    const config = await override(
      ['stage', 1],
      ['batch_size', 8],
      ['bundle_root', 'here'],
      ['hovernet_mode', 'ORIGINAL'],
    );
    expect(config.checkpointDir).toBe('here/models');
    expect(config.training.sampler.batchSize).toBe(8);
    expect(config.validation.sampler.batchSize).toBe(8);
    expect(config.network.architecture.mode).toBe('original');
  });

  it.each(['hover_net', 'original'])("call the authors' repository %s", async (name) => {
    const config = await override(
      ['postprocess#rules', name],
      ['network_def#compat', name],
      ['train#augmentation#rules', name],
    );
    expect(config.postprocess.reference).toBe('hover_net');
    expect(config.network.architecture.reference).toBe('hover_net');
    expect(config.training.augmentation.reference).toBe('hover_net');
  });

  it('reach single values in sections', async () => {
    const config = await override(['network_def#freeze_encoder', false], ['train::trainer#max_epochs', 3]);
    expect(config.network.freezeEncoder).toBe(false);
    expect(config.training.epochs).toBe(3);
  });

  it.each<[string, JsonValue, string]>([
    ['epoch', 1, 'configuration epoch: there is no such id; did you mean epochs?'],
    [
      'network_def#freeze_encodr',
      false,
      'configuration network_def#freeze_encodr: there is no such id; did you mean network_def#freeze_encoder?',
    ],
    ['zebra#stripes', 1, 'configuration zebra: there is no such id'],
    ['epochs', 'many', 'configuration epochs: expected a number, got "many"'],
    ['batch_size', 0, 'configuration batch_size: expected at least 1, got 0'],
    ['batch_size', 1.5, 'configuration batch_size: expected an integer, got 1.5'],
    [
      'network_def#freeze_encoder',
      'no',
      'configuration network_def#freeze_encoder: expected True or False or whole-encoder, got "no"',
    ],
    ['window_size', 0, 'configuration window_size: expected at least 1, got 0'],
    ['engine#provider', 7, 'configuration engine#provider: expected text or a list, got 7'],
    [
      'engine#precision',
      'fp16',
      'configuration engine#precision: expected float32 or mixed or float16 or int8, got "fp16"',
    ],
    ['stage', 2, 'configuration stage: expected 0 or 1, got 2'],
    [
      'network_def#preset',
      'tin',
      'configuration network_def#preset: expected base or lite or tiny, got "tin"; did you mean tiny?',
    ],
    ['prepare#ps', [540], 'configuration prepare#ps: expected at least 2 elements, got [540]'],
    ['prepare#ps', [540, -1], 'configuration prepare#ps#1: expected at least 1, got -1'],
    ['prepare', 3, 'configuration prepare: expected a section, got 3'],
    [
      'network_def#out_classes',
      1,
      'configuration network_def#out_classes: expected 0 (no type branch) or at least 2 classes, background included, got 1',
    ],
    [
      'postprocess#sobel_kernel_size',
      4,
      'configuration postprocess#sobel_kernel_size: expected an odd number of pixels, got 4',
    ],
    ['learning_rate', '$1 +', 'configuration learning_rate: $1 + cannot be computed'],
  ])('refuse %s %j with the id and what was expected', async (id, value, message) => {
    await expect(override([id, value])).rejects.toThrow(message);
  });
});
