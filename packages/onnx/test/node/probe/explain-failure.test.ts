import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../src/node/probe/explain-failure.js';
import type { ProbeTarget } from '../../../src/node/probe/probe-target.js';

const onnx = (provider: 'webgpu' | 'cuda' | 'tensorrt' | 'dml' | 'coreml'): ProbeTarget => ({
  engine: 'onnx',
  provider,
});
const tfjs = (provider: 'tensorflow' | 'webgpu' | 'wasm'): ProbeTarget => ({ engine: 'tfjs', provider });

function explain(target: ProbeTarget, problem: string, output = '', present = true) {
  return explainFailure(target, { result: { present, usable: false, problem, note: '' }, output, death: '' });
}

const shared = '/app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_shared.so';
const noAdapter =
  'probe: expected a working provider of [webgpu], got webgpu: webgpu_context.cc:136 adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters';

describe('explainFailure', () => {
  it.each<[string, ProbeTarget, string, string, RegExp]>([
    [
      'provider libraries that were not downloaded',
      onnx('cuda'),
      'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
      `FAIL : Failed to load library ${shared} with error: ${shared}: cannot open shared object file: No such file or directory`,
      /^its libraries are not installed: node node_modules\/onnxruntime-node\/script\/install.js --onnxruntime-node-install=cuda12$/,
    ],
    [
      'a GPU without 16-bit floats',
      onnx('webgpu'),
      'probe: expected a working provider of [webgpu], got webgpu: shader_helper.cc:416 GenerateSourceCode Program Relu requires f16 but the device does not support it.',
      '',
      /^its GPU has no 16-bit floats: use precision float32$/,
    ],
    [
      'CUDA that is missing',
      onnx('cuda'),
      'Failed to load shared library',
      'libcublasLt.so.12: cannot open shared object file: No such file or directory',
      /^libcublasLt.so.12 is missing: install CUDA 12$/,
    ],
    [
      'cuDNN that is missing',
      onnx('cuda'),
      'Failed to load shared library',
      'libcudnn.so.9: cannot open shared object file',
      /^libcudnn.so.9 is missing: install cuDNN 9$/,
    ],
    [
      'TensorRT that is missing',
      onnx('tensorrt'),
      '',
      'libnvinfer.so.10: cannot open shared object file',
      /^libnvinfer.so.10 is missing: install TensorRT 10$/,
    ],
    [
      'a machine without an NVIDIA GPU',
      onnx('cuda'),
      'CUDA failure 100: no CUDA-capable device is detected',
      '',
      /^no NVIDIA GPU with a driver for CUDA 12$/,
    ],
    [
      'more processes than GPUs',
      onnx('cuda'),
      'CUDA failure 101: invalid device ordinal ; GPU=0',
      '',
      /^there is no GPU of that number$/,
    ],
    [
      'a library that only the output names, where the output is not known',
      onnx('tensorrt'),
      'OrtSessionOptionsAppendExecutionProvider_TensorRT: Failed to load shared library',
      '',
      /^a library that it takes is missing: hovernet doctor names it$/,
    ],
    [
      'a machine without a Vulkan loader',
      onnx('webgpu'),
      noAdapter,
      "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory",
      /^no Vulkan loader: install libvulkan1 and the Vulkan driver of the GPU$/,
    ],
    ['a machine without a GPU', onnx('webgpu'), noAdapter, '', /^no GPU adapter: it takes a GPU and its \S.* driver$/],
    [
      'the same, as TensorFlow.js has it',
      tfjs('webgpu'),
      'expected a GPU adapter, got none; it takes a GPU',
      '',
      /^no GPU adapter/,
    ],
    [
      'a package that is not installed',
      tfjs('wasm'),
      'expected the package @tensorflow/tfjs-backend-wasm, got none; npm i @tensorflow/tfjs-backend-wasm@4.22.0',
      '',
      /^not installed: npm i @tensorflow\/tfjs-backend-wasm@4.22.0$/,
    ],
    [
      'a system that is too old',
      tfjs('webgpu'),
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by dawn.node)",
      '',
      /^it needs a newer system, with GLIBC_2.38$/,
    ],
    ['what it does not know', tfjs('wasm'), 'out of luck\n  at line 2', '', /^out of luck$/],
  ])('explains %s', (_, target, problem, output, reason) => {
    expect(explain(target, problem, output).reason).toMatch(reason);
  });

  it('says where a provider is at home that this platform has not', () => {
    const { reason } = explain(onnx('dml'), 'not in this build of onnxruntime-node for this platform', '', false);
    expect(reason).toBe(`not in onnxruntime-node for ${process.platform} ${process.arch}; DirectML is for Windows`);
  });

  it('says how a process died, and its last words', () => {
    const output = 'loading\nterminate called after throwing an instance of std::bad_alloc\n';
    const death = 'the process ended with SIGABRT';
    expect(explainFailure(tfjs('tensorflow'), { result: undefined, output, death })).toEqual({
      reason: 'the process ended with SIGABRT: terminate called after throwing an instance of std::bad_alloc',
      missing: false,
    });
  });

  it('tells what is not installed from what does not work', () => {
    const download = `${shared}: cannot open shared object file`;
    expect(explain(onnx('cuda'), 'Failed to load shared library', download).missing).toBe(true);
    expect(explain(tfjs('tensorflow'), 'expected the package x, got none; npm i x', '', false).missing).toBe(true);
    expect(explain(onnx('cuda'), '', 'libcudnn.so.9: cannot open shared object file').missing).toBe(false);
    expect(explain(onnx('webgpu'), noAdapter).missing).toBe(false);
  });

  it('keeps to a line that fits', () => {
    expect(explain(tfjs('wasm'), 'x'.repeat(500)).reason).toMatch(/^x{60} … x{97}$/);
  });
});
