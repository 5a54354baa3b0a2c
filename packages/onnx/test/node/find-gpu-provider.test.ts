import type { ProviderName } from '../../src/node.js';
import { describe, expect, it } from 'vitest';
import type { ProbeSettings } from '../../src/node/probe/probe-target.js';
import { findGpuProvider, NoGpuError } from '../../src/node/find-gpu-provider.js';

/** A machine on which `reasons` says why providers do not start, and what was tried on it. */
function machine(reasons: Partial<Record<ProviderName, string>>) {
  const tried: [ProviderName, ProbeSettings][] = [];
  const explain = (provider: ProviderName, settings: ProbeSettings) => {
    tried.push([provider, settings]);
    return Promise.resolve(reasons[provider]);
  };
  return { explain, tried };
}

describe('findGpuProvider', () => {
  it('leaves out what does not start in front of the first that does, and tries no other', async () => {
    const { explain, tried } = machine({ tensorrt: 'no TensorRT' });
    expect(await findGpuProvider(['tensorrt', 'cuda', 'dml'], { deviceId: 2, precision: 'float16', explain })).toEqual([
      'cuda',
      'dml',
    ]);
    expect(tried).toEqual([
      ['tensorrt', { deviceId: 2, precision: 'float16' }],
      ['cuda', { deviceId: 2, precision: 'float16' }],
    ]);
  });

  it('says in one sentence why there is none, each reason once, how to get one and what to do without', async () => {
    const { explain } = machine({ tensorrt: 'not installed: do', cuda: 'not installed: do', webgpu: 'no adapter' });
    const failure = findGpuProvider(['tensorrt', 'cuda', 'webgpu'], { explain });
    await expect(failure).rejects.toThrow(NoGpuError);
    await expect(failure).rejects.toThrow(
      'openEngine: providers: expected a GPU for tensorrt or cuda or webgpu, got none (tensorrt, cuda: not installed: do; ' +
        'webgpu: no adapter); tensorrt needs what cuda needs, and TensorRT 10; cuda needs an NVIDIA GPU on linux x64 ' +
        'with its driver, CUDA 12 and cuDNN 9; or set allowCpu',
    );
  });

  it('names the number of the GPU that another process than the first does not get', async () => {
    const { explain } = machine({ cuda: 'there is no GPU of that number' });
    await expect(findGpuProvider(['cuda'], { deviceId: 3, explain })).rejects.toThrow(
      /expected a GPU number 3 for cuda, got none \(cuda: there is no GPU of that number\)/,
    );
  });

  it.runIf(process.platform === 'linux')('tries what this machine has', async () => {
    await expect(findGpuProvider(['dml', 'coreml'])).rejects.toThrow(
      /dml: not in onnxruntime-node for linux \w+; DirectML is for Windows; coreml: not in .*; CoreML is for macOS/,
    );
  });
});
