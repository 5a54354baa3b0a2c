// A page of someone who uses TensorFlow.js and nothing of this project but the model's files.
import {
  browserAbsence,
  buildPage,
  findBrowser,
  hashNoise,
  makePageRoot,
  maxDifference,
  runPage,
  softwareWebGpuFlags,
} from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hoverNetForward } from '../../src/index.js';
import { encodeTfjsModel, splitTfjsModel } from '../../src/internal.js';
import { createNoiseState, createTensors, smallConfig } from '../support/noise-state.js';

const browser = findBrowser();
const title = browserAbsence(browser);
const shape: [number, number, number, number] = [2, 40, 48, 3];
const image = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => 0.5 + 0.5 * hashNoise(i, 1));

const code = `
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';

const bytes = await (await fetch('image.bin')).arrayBuffer();
export const results = {};
for (const backend of ['webgl', 'webgpu']) {
  if (!(await tf.setBackend(backend).catch(() => false))) continue;
  const model = await tf.loadGraphModel('model.json');
  const maps = model.predict(tf.tensor(new Float32Array(bytes), ${JSON.stringify(shape)}));
  results[backend] = {};
  for (const [name, map] of Object.entries(maps)) results[backend][name] = [...(await map.data())];
  model.dispose();
}
`;

let root: string;
beforeAll(() => {
  root = makePageRoot('model');
});
afterAll(() => rmSync(root, { recursive: true }));

it.skipIf(browser === undefined)(
  `gives the network's maps on a page's GPU backends${title}`,
  async () => {
    const state = createNoiseState(smallConfig);
    const model = splitTfjsModel(encodeTfjsModel(smallConfig, state), { shardBytes: 20_000 });
    const files = { ...Object.fromEntries(model), 'image.bin': new Uint8Array(image.buffer) };
    const { folder } = await buildPage({ root, code, files });
    const flags = [...softwareWebGpuFlags, '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
    const results = (await runPage(folder, browser!, { flags })) as Record<string, Record<string, number[]>>;

    await tf.setBackend('cpu');
    const tensors = createTensors(smallConfig, state);
    const { np, hv, nc } = hoverNetForward(smallConfig, (name) => tensors.get(name)!, tf.tensor4d(image, shape));
    expect(Object.keys(results)).toEqual(['webgl', 'webgpu']);
    for (const [backend, maps] of Object.entries(results)) {
      for (const [name, tensor] of Object.entries({ np, hv, nc: nc! })) {
        expect(maxDifference(maps[name]!, tensor.dataSync()).value, `${backend} ${name}`).toBeLessThan(1e-5);
      }
    }
  },
  180_000,
);
