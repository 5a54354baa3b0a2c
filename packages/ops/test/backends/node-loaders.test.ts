import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNodeLoaders } from '../../src/backends/node-loaders.js';
import { openWith, type OpenEagerEngineOptions } from '../../src/open-eager-engine.js';
import { importFakeTensorflow } from './fake-tensorflow.js';

const GPU = '@tensorflow/tfjs-node-gpu';
const CPU = '@tensorflow/tfjs-node';

/** Opens an engine where only these packages are installed; a module is what its function returns. */
function open(options: OpenEagerEngineOptions, installed: Record<string, () => unknown>) {
  const importPackage = async (name: string): Promise<unknown> => {
    if (installed[name]) return installed[name]();
    const message = `Cannot find package '${name}' imported from /somewhere/@tensorflow/tfjs-node/x.js`;
    throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
  };
  return openWith(createNodeLoaders(importPackage), options);
}

beforeEach(async () => void (await tf.setBackend('cpu')));
afterEach(() => {
  vi.unstubAllGlobals();
  if (tf.findBackendFactory('tensorflow')) tf.removeBackend('tensorflow');
});

describe('the backend tensorflow', () => {
  it('is that of the package for GPUs, where both are installed', async () => {
    const other = vi.fn(importFakeTensorflow);
    const engine = await open({ backend: 'tensorflow' }, { [GPU]: importFakeTensorflow, [CPU]: other });
    expect(engine.name).toBe('tfjs-tensorflow');
    expect(other).not.toHaveBeenCalled();
  });

  it('is that of the other one, where the package for GPUs is missing or does not load', async () => {
    const failing = () => {
      throw new Error('libcudart.so.11.0: cannot open shared object file');
    };
    const only: Record<string, () => unknown> = { [CPU]: importFakeTensorflow };
    for (const installed of [only, { ...only, [GPU]: failing }]) {
      expect((await open({ backend: 'tensorflow' }, installed)).name).toBe('tfjs-tensorflow');
      tf.removeBackend('tensorflow');
    }
  });

  it('does not become current, though its package makes it so', async () => {
    await open({ backend: 'tensorflow' }, { [GPU]: importFakeTensorflow });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('is missing with the command that installs it, where neither package is there', async () => {
    await expect(open({ backend: 'tensorflow' }, {})).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      problem: 'missing',
      message: `TensorFlow.js backend tensorflow: expected the package ${GPU} or ${CPU}, got neither; npm i ${CPU}@4.22.0`,
    });
  });

  it('has failed with what the package said, where it is there and does not load', async () => {
    const failing = () => {
      throw new Error('libcudart.so.11.0: cannot open shared object file\n    at native code');
    };
    await expect(open({ backend: 'tensorflow' }, { [GPU]: failing })).rejects.toMatchObject({
      problem: 'failed',
      explanation: `expected the package ${GPU} to load, got: libcudart.so.11.0: cannot open shared object file`,
    });
  });

  it('has failed where the package lacks one of its own', async () => {
    const incomplete = () => {
      throw new Error(`Cannot find module '@mapbox/node-pre-gyp'\nRequire stack:\n- /x/${GPU}/dist/index.js`);
    };
    await expect(open({ backend: 'tensorflow' }, { [GPU]: incomplete })).rejects.toMatchObject({ problem: 'failed' });
  });

  it('has failed where the package registers with another copy of TensorFlow.js', async () => {
    const opening = open({ backend: 'tensorflow' }, { [GPU]: () => ({}) });
    await expect(opening).rejects.toThrow(/got a second copy; npm dedupe/);
  });

  it('has failed in a Node whose utilities it no longer finds', async () => {
    vi.stubGlobal('process', { versions: { node: '24.1.0' } });
    await expect(open({ backend: 'tensorflow' }, { [GPU]: importFakeTensorflow })).rejects.toThrow(
      `expected Node 22 or older, which ${GPU} 4.22.0 needs, got 24.1.0`,
    );
  });
});

describe('the backend webgpu', () => {
  it('is missing with the command that installs Dawn, where there is no navigator.gpu', async () => {
    await expect(open({ backend: 'webgpu' }, {})).rejects.toMatchObject({
      problem: 'missing',
      explanation: 'expected the package webgpu, got none; npm i webgpu@0.6.2',
    });
  });

  it('has failed where Dawn finds no adapter', async () => {
    vi.stubGlobal('navigator', undefined);
    const dawn = { create: () => ({ requestAdapter: () => Promise.resolve(null) }), globals: { GPUBufferUsage: {} } };
    await expect(open({ backend: 'webgpu' }, { webgpu: () => dawn })).rejects.toThrow(
      /expected a GPU adapter, got none/,
    );
  });

  it('is not taken by auto where the adapter is software, which wasm outruns', async () => {
    vi.stubGlobal('navigator', {
      gpu: { requestAdapter: () => Promise.resolve({ info: { isFallbackAdapter: true } }) },
    });
    expect((await open({}, {})).name).toBe('tfjs-wasm');
  });
});

describe('auto', () => {
  it('tells of every backend where none can be had', async () => {
    const loaders = createNodeLoaders((name) => Promise.reject(new Error(`Cannot find package '${name}'`)));
    const withoutFallback = loaders.filter(({ name }) => name === 'tensorflow' || name === 'webgpu');
    await expect(openWith(withoutFallback, {})).rejects.toThrow(
      /^TensorFlow.js backend auto: tensorflow: expected the package .* · webgpu: expected the package webgpu, got none/,
    );
  });
});

it('a backend that is not among those known is refused with their names', async () => {
  const opening = open({ backend: 'webgl' as 'wasm' }, {});
  await expect(opening).rejects.toThrow('expected auto or one of tensorflow, webgpu, wasm, cpu here, got webgl');
});
