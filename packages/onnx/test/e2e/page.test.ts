// Models and programs in a page as a bundler makes it, run by chromium.
import { rmSync } from 'node:fs';
import { browserAbsence, buildPage, findBrowser, makePageRoot, runPage, type BuiltPage } from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScaleModel } from '../model/scale-model.js';

const browser = findBrowser();

const code = `
import { createOnnxEngine, openOnnxModel } from '@hovernet/onnx/web';
import { mul } from '@tensorflow/tfjs';

const bytes = new Uint8Array(await (await fetch('scale.onnx')).arrayBuffer());
const model = await openOnnxModel(bytes, crossOriginIsolated ? { threads: 2 } : {});
const run = async (shape) => {
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(3);
  const { y } = await model.run({ x: { data, shape } });
  return { shape: y.shape, values: [...new Set(y.data)] };
};
const runs = [await run([1, 2, 4, 4]), await run([3, 2, 1, 7])];
const controller = new AbortController();
const aborted = model.run({ x: { data: new Float32Array(32), shape: [1, 2, 4, 4] } }, controller.signal);
controller.abort(new Error('enough'));
const reason = await aborted.catch((error) => error.message);
await model.dispose();

const refused = await openOnnxModel(bytes, { providers: ['webgpu'] }).then(({ provider }) => provider, (error) => error.message);

const program = {
  name: 'scale',
  inputs: [{ name: 'x', shape: [2], dtype: 'float32' }, { name: 'w', shape: [2], dtype: 'float32' }],
  run: ({ x, w }) => ({ y: mul(x, w) }),
};
const executable = await createOnnxEngine().compile(program, { constants: new Map([['w', Float32Array.of(2, 3)]]) });
const { y } = await executable.run({ x: Float32Array.of(5, 7) });
await executable.dispose();
export const results = {
  isolated: crossOriginIsolated, provider: model.provider, metadata: model.metadata, runs, reason, refused, product: [...y.data],
};
`;

describe('a page', { timeout: 240_000 }, () => {
  let root: string;
  let page: BuiltPage;

  beforeAll(async () => {
    root = makePageRoot('onnx');
    const files = { 'scale.onnx': createScaleModel({ made: 'here' }) };
    page = await buildPage({ root, code, files, conditions: ['@hovernet/source'] });
  }, 240_000);

  afterAll(() => rmSync(root, { recursive: true }));

  it('takes nothing that only Node has', () => {
    expect(page.nodeModules).toEqual([]);
  });

  it.skipIf(browser === undefined).each([false, true])(
    `runs models and programs, cross-origin isolated: %s${browserAbsence(browser)}`,
    async (isolated) => {
      expect(await runPage(page.folder, browser!, { isolated })).toMatchObject({
        isolated,
        provider: 'wasm',
        metadata: { made: 'here' },
        runs: [
          { shape: [1, 2, 4, 4], values: [6] },
          { shape: [3, 2, 1, 7], values: [6] },
        ],
        reason: 'enough',
        refused: expect.stringMatching(/^ONNX model: expected a working provider of \[webgpu\], got webgpu: expected/),
        product: [10, 21],
      });
    },
  );
});
