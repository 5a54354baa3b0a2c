import { createRandom } from '@hovernet/core';
import { workspacePath } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { outputSize } from '../../src/index.js';
import { encodeTfjsModel, splitTfjsModel } from '../../src/internal.js';
import { createNoiseState, smallConfig } from '../support/noise-state.js';
import { compareWithNetwork } from './compare-with-network.js';

afterEach(() => vi.unstubAllGlobals());

/** The README's block that loads a model, as a function of what a page has. */
function readExample(): (library: typeof tf, canvas: object) => Promise<{ image: tf.Tensor4D; model: tf.GraphModel }> {
  const readme = readFileSync(workspacePath('packages', 'model', 'README.md'), 'utf8');
  const block = /^```js\n(const model = await tf\.loadGraphModel[^]*?)^```$/m.exec(readme)?.[1];
  if (block === undefined) throw new Error('README: expected an example with tf.loadGraphModel');
  const body = `return (async () => { ${block}\nreturn { image, model, np, hv, nc }; })()`;
  return new Function('tf', 'canvas', body) as ReturnType<typeof readExample>;
}

it("runs as the README says, from a page's files and pixels", async () => {
  await tf.setBackend('cpu');
  const state = createNoiseState(smallConfig);
  const files = splitTfjsModel(encodeTfjsModel(smallConfig, state));
  const fetchFile = (url: string) => new Response(new Uint8Array(files.get(url.replace('hovernet/', ''))!));
  vi.stubGlobal('fetch', (url: string) => Promise.resolve(fetchFile(url)));
  const random = createRandom(1);
  const [width, height] = [48, 40];
  const data = Uint8Array.from({ length: 4 * width * height }, () => random.integer(256));
  const { image, model, ...maps } = await readExample()(tf, { width, height, data });
  expect(image.shape).toEqual([1, height, width, 3]);
  expect(image.dataSync()[5]).toBeCloseTo(data[6]! / 255, 6);
  const size = [1, outputSize(smallConfig, height), outputSize(smallConfig, width)];
  expect(maps).toMatchObject({ np: { shape: [...size, 2] }, hv: { shape: [...size, 2] }, nc: { shape: [...size, 3] } });
  compareWithNetwork(model, { config: smallConfig, state }, image);
});
