import { useSoftwareVulkan } from '@hovernet/testing';
import { relu } from '@tensorflow/tfjs';
import type { Program } from '@hovernet/ops';
import { expect, it } from 'vitest';
import { createOnnxEngine, type ProviderName } from '../../src/node.js';
import { whyNoWebgpu } from '../webgpu/run-convolution.js';

const program: Program = {
  name: 'probe',
  inputs: [{ name: 'x', shape: [2], dtype: 'float32' }],
  run: ({ x }) => ({ y: relu(x!) }),
};

async function startOn(...providers: ProviderName[]): Promise<ProviderName> {
  const executable = await createOnnxEngine({ providers, threads: 1 }).compile(program);
  expect((await executable.run({ x: Float32Array.of(-1, 2) }))['y']!.data).toEqual(Float32Array.of(0, 2));
  await executable.dispose();
  return executable.provider;
}

/** Providers of other systems than this one. */
const foreign: ProviderName[] = process.platform === 'win32' ? ['coreml'] : ['dml'];

useSoftwareVulkan();
const absence = await whyNoWebgpu();

it('takes the first provider that starts', async () => {
  expect(await startOn('cpu', ...foreign)).toBe('cpu');
  expect(await startOn(...foreign, 'cpu')).toBe('cpu');
});

it.skipIf(absence)(
  `takes WebGPU where it is asked for before the CPU${absence && ` (not here: ${absence})`}`,
  async () => {
    expect(await startOn(...foreign, 'webgpu', 'cpu')).toBe('webgpu');
    expect(await startOn('cpu', 'webgpu')).toBe('cpu');
  },
);
