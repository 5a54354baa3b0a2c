// The opener of the main entry, which pages use; Node stands for a browser without WebGPU.
import { beforeEach, expect, it, vi } from 'vitest';
import { openEagerEngine } from '../../src/index.js';

beforeEach(() => void vi.stubGlobal('navigator', undefined));

it('looks for the files of wasm where the page says', async () => {
  await expect(openEagerEngine({ backend: 'wasm', wasmPaths: '/no/such/folder/' })).rejects.toMatchObject({
    code: 'ENGINE_FAILED',
    problem: 'failed',
    message: expect.stringMatching(/^TensorFlow.js backend wasm: expected it to start, got: .+/) as string,
  });
});

it('knows no native backend', async () => {
  await expect(openEagerEngine({ backend: 'tensorflow' })).rejects.toThrow('expected auto or one of webgpu, wasm, cpu');
});

it('says what a browser needs for webgpu', async () => {
  await expect(openEagerEngine({ backend: 'webgpu' })).rejects.toThrow(
    'expected navigator.gpu, got none; use a browser',
  );
});
