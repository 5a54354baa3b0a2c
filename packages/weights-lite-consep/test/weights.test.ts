import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readMat, readPng, type NumericArray } from '@hovernet/data';
import { computeMaskDice } from '@hovernet/metrics';
import {
  createInferenceProgram,
  loadPretrained,
  resolveConfig,
  toConstants,
  toImageInput,
  type PretrainedNetwork,
} from '@hovernet/model/node';
import { createOnnxEngine } from '@hovernet/onnx/node';
import { workspacePath } from '@hovernet/testing';
import ndarray from 'ndarray';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { onnxUrl, weightsUrl } from '../src/index.js';

const crop = workspacePath('samples', 'nucls', 'Test', 'Images', 'test_1.png');
const sidePx = 256;
const area = sidePx ** 2;

let network: PretrainedNetwork;
let image: Float32Array;
let logits: Readonly<Record<string, Float32Array>>;

beforeAll(async () => {
  network = await loadPretrained(weightsUrl);
  const { data } = await readPng(crop);
  image = toImageInput({ height: sidePx, width: sidePx, data });
  const program = createInferenceProgram(network.config, { height: sidePx, width: sidePx });
  const executable = await createOnnxEngine({ threads: 1 }).compile(program, { constants: toConstants(network.state) });
  const outputs = await executable.run({ image });
  logits = Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
  await executable.dispose();
});

describe('the weights', () => {
  it('say which network and classes they are of, at which resolution, under which licence', () => {
    expect(network.config).toEqual(resolveConfig({ preset: 'lite' }));
    expect(network.classes.map(({ name }) => name)).toEqual(['Other', 'Inflammatory', 'Epithelial', 'Spindle-shaped']);
    expect(network.details).toMatchObject({ mpp: 0.25, license: 'Apache-2.0' });
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
    const np = logits['np']!;
    const prediction = Uint8Array.from({ length: area }, (_, i) => (np[area + i]! > np[i]! ? 1 : 0));
    const shape = [sidePx, sidePx];
    expect(computeMaskDice({ truth: ndarray(truth, shape), prediction: ndarray(prediction, shape) })).toBeGreaterThan(
      0.5,
    );
  });
});

it('the ONNX model computes what the weights do, in float16', async () => {
  const session = await InferenceSession.create(fileURLToPath(onnxUrl));
  const outputs = await session.run({ image: new Tensor('float32', image, [1, 3, sidePx, sidePx]) });
  await session.release();
  for (const [name, expected] of Object.entries(logits)) {
    const actual = outputs[name]!.data as Float32Array;
    const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
    // Ten bits of a number, over some thirty layers.
    expect(worst / scale, name).toBeLessThan(0.05);
  }
});
