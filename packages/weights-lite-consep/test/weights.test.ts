import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type NumericArray } from '@hovernet/files';
import { readMat, readPng } from '@hovernet/files/node';
import { computeMaskDice } from '@hovernet/metrics';
import {
  createInferenceProgram,
  loadWeights,
  resolveConfig,
  toConstants,
  toImageInput,
  toRawMaps,
  type Weights,
} from '@hovernet/model/node';
import { parseConfig } from '@hovernet/model/internal';
import { createOnnxEngine, openOnnxModel, type OnnxModel } from '@hovernet/onnx/node';
import type { HostArray } from '@hovernet/ops';
import { segmentNuclei } from '@hovernet/postprocess';
import { maxDifference, workspacePath } from '@hovernet/testing';
import ndarray from 'ndarray';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxUrl, weightsUrl } from '../src/index.js';

const crop = workspacePath('samples', 'nucls', 'Test', 'Images', 'test_1.png');
const sidePx = 256;
const area = sidePx ** 2;

let network: Weights;
let image: Float32Array;
let logits: Readonly<Record<string, HostArray>>;

beforeAll(async () => {
  network = await loadWeights(weightsUrl);
  const { data } = await readPng(crop);
  image = toImageInput({ height: sidePx, width: sidePx, data });
  const program = createInferenceProgram(network.config, { height: sidePx, width: sidePx });
  const executable = await createOnnxEngine({ threads: 1 }).compile(program, { constants: toConstants(network.state) });
  logits = await executable.run({ image });
  await executable.dispose();
});

describe('the weights', () => {
  it('say which network and classes they are of, at which resolution, under which licence', () => {
    expect(network.config).toEqual(resolveConfig({ preset: 'lite' }));
    expect(network.classes.map(({ name }) => name)).toEqual(['Other', 'Inflammatory', 'Epithelial', 'Spindle-shaped']);
    expect(network).toMatchObject({ mpp: 0.25, license: 'Apache-2.0' });
  });

  it.each([
    ['model.safetensors', weightsUrl],
    ['model.onnx', onnxUrl],
  ])('take at most 5 MB, with the hash that the card tells: %s', async (name, url) => {
    const bytes = await readFile(url);
    expect(bytes.length).toBeLessThanOrEqual(5_000_000);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const card = await readFile(workspacePath('packages', 'weights-lite-consep', 'README.md'), 'utf8');
    expect(card).toMatch(new RegExp(`\`${name}\` *\\| \`${sha256}\``));
  });

  it('find the nuclei of a crop of other tissue, roughly', async () => {
    const labels = await readMat(workspacePath('samples', 'nucls', 'Test', 'Labels', 'test_1.mat'));
    const { data: instances } = labels.get('inst_map') as NumericArray;
    const truth = Uint8Array.from(instances as Int32Array, (id) => (id > 0 ? 1 : 0));
    const np = logits['np']!.data;
    const prediction = Uint8Array.from({ length: area }, (_, i) => (np[area + i]! > np[i]! ? 1 : 0));
    const shape = [sidePx, sidePx];
    expect(computeMaskDice({ truth: ndarray(truth, shape), prediction: ndarray(prediction, shape) })).toBeGreaterThan(
      0.5,
    );
  });
});

describe('the ONNX model', () => {
  let model: OnnxModel;
  beforeAll(async () => (model = await openOnnxModel(await readFile(onnxUrl), { threads: 1 })));
  afterAll(() => model.dispose());

  it('says of itself what the weights do', () => {
    const { config, classes, mpp, license, training, postprocess, appearance } = network;
    const description = { config, classes, mpp, license, training, postprocess, appearance };
    expect(parseConfig(model.metadata, 'model.onnx')).toEqual(description);
  });

  it('takes any batch, height and width', async () => {
    expect(model.inputs.map(({ shape }) => shape)).toEqual([['batch', 3, 'input_height', 'input_width']]);
    const shape = [2, 3, 48, 80];
    const { nc } = await model.run({ image: { data: new Float32Array(2 * 3 * 48 * 80), shape } });
    expect(nc!.shape).toEqual([2, 5, 48, 80]);
  });

  it('computes what the weights do, to the rounding of float32, and finds the same nuclei', async () => {
    const outputs = await model.run({ image: { data: image, shape: [1, 3, sidePx, sidePx] } });
    for (const [name, { data }] of Object.entries(outputs)) {
      // Sums in another order; logits go up to 20.
      expect(maxDifference(data as Float32Array, logits[name]!.data as Float32Array).value, name).toBeLessThan(5e-5);
    }
    expect(segmentNuclei(toRawMaps(outputs)).nuclei).toEqual(segmentNuclei(toRawMaps(logits)).nuclei);
  });
});
