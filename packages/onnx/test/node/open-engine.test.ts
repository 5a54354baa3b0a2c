import type { Program } from '@hovernet/ops';
import { relu } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { NoGpuError } from '../../src/node/find-gpu-provider.js';
import { openEngine, parseProviders, type OpenEngineOptions } from '../../src/node/open-engine.js';
import type { ProbeSettings } from '../../src/node/probe/probe-target.js';
import type { OnnxExecutable } from '../../src/node.js';

const program: Program = {
  name: 'probe',
  inputs: [{ name: 'x', shape: [1], dtype: 'float32' }],
  run: ({ x }) => ({ y: relu(x!) }),
};

const tfjs: OpenEngineOptions = { engine: 'tfjs', providers: ['cpu'] };

describe('openEngine', () => {
  it('opens the engines by name', async () => {
    expect((await openEngine()).name).toBe('onnx');
    expect((await openEngine(tfjs)).name).toBe('tfjs-cpu');
  });

  it('refuses unknown providers and backends, naming those there are', async () => {
    const message = /^openEngine: providers: expected auto or one of cpu, webgpu, cuda, tensorrt, dml, coreml, got gpu/;
    await expect(openEngine({ providers: ['cpu', 'gpu'] })).rejects.toThrow(message);
    await expect(openEngine({ ...tfjs, providers: ['gpu'] })).rejects.toThrow(/tensorflow, webgpu, wasm, cpu, got gpu/);
  });

  it('refuses what the tfjs engine does not have', async () => {
    await expect(openEngine({ ...tfjs, precision: 'mixed' })).rejects.toThrow(
      /^openEngine: precision: expected float32/,
    );
    await expect(openEngine({ ...tfjs, providers: ['wasm', 'cpu'] })).rejects.toThrow(/expected one backend/);
  });

  it('refuses int8 without images', async () => {
    await expect(openEngine({ precision: 'int8' })).rejects.toThrow(/^openEngine: calibration: expected images/);
  });

  it('keeps the order of the ladder', () => {
    expect(parseProviders(['tensorrt', 'cuda', 'auto'])).toEqual(['tensorrt', 'cuda', 'cpu']);
  });
});

describe('a ladder without the CPU', () => {
  const trt: OpenEngineOptions = { providers: ['tensorrt', 'cuda'], precision: 'float16' };
  const absent = () => Promise.resolve('not here');

  it('is refused at once where no GPU is here, with what to do', async () => {
    const failure = openEngine({ ...trt, explain: absent });
    await expect(failure).rejects.toThrow(NoGpuError);
    await expect(failure).rejects.toThrow(/expected a GPU for tensorrt or cuda, got none .*; or set allowCpu$/);
  });

  it('runs on the CPU where that is allowed, and says so', async () => {
    const messages: string[] = [];
    const onMessage = (text: string) => void messages.push(text);
    const engine = await openEngine({ ...trt, allowCpu: true, explain: absent, onMessage });
    const executable = await engine.compile(program);
    expect((executable as OnnxExecutable).provider).toBe('cpu');
    await executable.dispose();
    expect(messages).toEqual([
      'expected a GPU for tensorrt or cuda, got none (tensorrt, cuda: not here); ' +
        'the network runs on the CPU, float16, for comparison',
    ]);
  });

  it('says which provider was found, and tries the GPU that was asked for', async () => {
    const messages: string[] = [];
    const tried: ProbeSettings[] = [];
    await openEngine({
      ...trt,
      deviceId: 1,
      onMessage: (text) => void messages.push(text),
      explain: (provider, settings) => {
        tried.push(settings);
        return Promise.resolve(provider === 'cuda' ? undefined : 'not here');
      },
    });
    expect(messages).toEqual(['the network runs on cuda, float16']);
    expect(tried).toEqual(Array(2).fill({ deviceId: 1, precision: 'float16' }));
  });

  it('with the CPU in it nothing is tried before it is needed', async () => {
    const explain = () => Promise.reject(new Error('tried'));
    expect((await openEngine({ ...trt, providers: ['cuda', 'cpu'], explain })).name).toBe('onnx');
  });
});
