// Exported models on WebGPU, in Node and in a page: a network with numbers of channels that ONNX Runtime 1.30 gets wrong there.
import { createRandom } from '@hovernet/core';
import { createInferenceProgram, initializeWeights, outputSize, resolveConfig, toConstants } from '@hovernet/model';
import { createOnnxEngine } from '@hovernet/onnx/node';
import {
  buildPage,
  findBrowser,
  makePageRoot,
  maxDifference,
  runPage,
  softwareVulkanRemedy,
  softwareWebGpuFlags,
  useSoftwareVulkan,
} from '@hovernet/testing';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { writeCheckpoint } from '@hovernet/training';
import { runCaptured } from './run-captured.js';

const windowPx = 32;
// 6 channels into 3×3 filters, and groups of 6 channels.
const config = resolveConfig({
  preset: 'tiny',
  outClasses: 3,
  units: [1, 1, 1, 1],
  denseUnits: [1, 1],
  stemChannels: 6,
  growth: 24,
});
const state = initializeWeights(config, createRandom(1));
const side = outputSize(config, windowPx);
const random = createRandom(2);
const images = Float32Array.from({ length: 2 * 3 * windowPx ** 2 }, () => random.uniform());

useSoftwareVulkan();
const folder = mkdtempSync(join(tmpdir(), 'hovernet-export-webgpu-'));
const model = join(folder, 'model.onnx');
/** np of both images, by the program itself on the CPU. */
let expected: Float32Array;

beforeAll(async () => {
  const weights = join(folder, 'weights.safetensors');
  await writeCheckpoint(weights, { config, classes: [], state });
  const words = ['export', '--weights', weights, '--to', 'onnx', '--out', model, '--window', String(windowPx)];
  expect((await runCaptured([...words, '--dynamic_batch'])).exitCode).toBe(0);
  const program = createInferenceProgram(config, { batch: 2, height: windowPx, width: windowPx });
  const constants = new Map(toConstants(state));
  const executable = await createOnnxEngine({ threads: 1 }).compile(program, { constants });
  expected = (await executable.run({ image: images }))['np']!.data as Float32Array;
  await executable.dispose();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Logits of up to 10 after a dozen layers; without the replaced nodes they are off by 5. */
const tolerance = 5e-4;

async function run(provider: string): Promise<Float32Array> {
  const session = await InferenceSession.create(model, { executionProviders: [provider], logSeverityLevel: 4 });
  const { np } = await session.run({ image: new Tensor('float32', images, [2, 3, windowPx, windowPx]) });
  await session.release();
  expect([...np!.dims]).toEqual([2, 2, side, side]);
  return np!.data as Float32Array;
}

const absence = await InferenceSession.create(new Uint8Array(), { executionProviders: ['webgpu'] }).then(
  () => '',
  (error: Error) => (/adapter|Vulkan/.test(error.message) ? ` (not here: no adapter; ${softwareVulkanRemedy})` : ''),
);

// Shaders take seconds of both cores each on a processor.
const onWebgpu = process.env['HOVERNET_THOROUGH'] !== undefined;
const unasked = onWebgpu ? '' : ' (not here: set HOVERNET_THOROUGH)';

describe('an exported model with a dynamic batch', { timeout: 240_000 }, () => {
  it('gives the same on the CPU, with the nodes that WebGPU needs', async () => {
    expect(readFileSync(model).includes('/webgpu')).toBe(true);
    expect(maxDifference(await run('cpu'), expected).value).toBeLessThan(tolerance);
  });

  it.skipIf(!onWebgpu || absence)(`gives the same on WebGPU in Node${unasked || absence}`, async () => {
    expect(maxDifference(await run('webgpu'), expected).value).toBeLessThan(tolerance);
  });

  const browser = findBrowser();
  const noBrowser = browser ? '' : ' (not here: no chromium)';
  it.skipIf(!onWebgpu || !browser)(`gives the same on WebGPU in a page${unasked || noBrowser}`, async () => {
    const root = makePageRoot('workflows');
    onTestFinished(() => rmSync(root, { recursive: true }));
    const runtime = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-web')), webRuntime);
    const files = {
      'model.onnx': readFileSync(model),
      'images.bin': new Uint8Array(images.buffer),
      'runtime.js': readFileSync(`${runtime}.mjs`),
      'runtime.wasm': readFileSync(`${runtime}.wasm`),
    };
    const page = await buildPage({ root, code: pageScript, files });
    const { np, dims } = (await runPage(page.folder, browser!, { flags: softwareWebGpuFlags })) as PageResult;
    expect(dims).toEqual([2, 2, side, side]);
    expect(maxDifference(np, expected).value).toBeLessThan(tolerance);
  });
});

interface PageResult {
  readonly np: readonly number[];
  readonly dims: readonly number[];
}

/** What onnxruntime-web/webgpu loads. */
const webRuntime = 'ort-wasm-simd-threaded.asyncify';

const pageScript = `
import * as ort from 'onnxruntime-web/webgpu';
ort.env.wasm.numThreads = 1;
const at = (name) => new URL(name, location.href).href;
ort.env.wasm.wasmPaths = { mjs: at('runtime.js'), wasm: at('runtime.wasm') };
const session = await ort.InferenceSession.create('./model.onnx', { executionProviders: ['webgpu'] });
const images = new Float32Array(await (await fetch('./images.bin')).arrayBuffer());
const { np } = await session.run({ image: new ort.Tensor('float32', images, [2, 3, ${windowPx}, ${windowPx}]) });
export const results = { np: [...(await np.getData())], dims: [...np.dims] };
`;
