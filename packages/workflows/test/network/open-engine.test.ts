import { UnsupportedError } from '@hovernet/core';
import type { OnnxExecutable, ProbeSettings } from '@hovernet/onnx/node';
import type { Program } from '@hovernet/ops';
import { relu } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { EngineConfiguration } from '../../src/config/configuration.js';
import { openEngine, parseProviders } from '../../src/network/open-engine.js';

const program: Program = {
  name: 'probe',
  inputs: [{ name: 'x', shape: [1], dtype: 'float32' }],
  run: ({ x }) => ({ y: relu(x!) }),
};

const onnx: EngineConfiguration = {
  name: 'onnx',
  providers: ['auto'],
  threads: 1,
  precision: 'float32',
  calibration: null,
  cacheDir: null,
};
const tfjs: EngineConfiguration = { ...onnx, name: 'tfjs', providers: ['cpu'] };

describe('openEngine', () => {
  it('opens the engines by name', async () => {
    expect((await openEngine(onnx)).name).toBe('onnx');
    expect((await openEngine(tfjs)).name).toBe('tfjs-cpu');
  });

  it('refuses unknown providers and backends, naming those there are', async () => {
    const message =
      /^configuration engine#provider: expected auto or one of cpu, webgpu, cuda, tensorrt, dml, coreml, got gpu/;
    await expect(openEngine({ ...onnx, providers: ['cpu', 'gpu'] })).rejects.toThrow(message);
    await expect(openEngine({ ...tfjs, providers: ['gpu'] })).rejects.toThrow(/tensorflow, webgpu, wasm, cpu, got gpu/);
  });

  it('refuses what the tfjs engine does not have', async () => {
    await expect(openEngine({ ...tfjs, precision: 'mixed' })).rejects.toThrow(/engine#precision: expected float32/);
    await expect(openEngine({ ...tfjs, providers: ['wasm', 'cpu'] })).rejects.toThrow(/expected one backend/);
  });

  it('names the ids of what is missing', async () => {
    await expect(openEngine({ ...onnx, precision: 'int8' })).rejects.toThrow(
      /^configuration engine#calibration: expected/,
    );
    expect(() => parseProviders(['gpu'])).toThrow(/^configuration engine#provider: expected auto or one of/);
  });
});

describe('a ladder without the CPU', () => {
  const trt: EngineConfiguration = { ...onnx, providers: ['tensorrt', 'cuda'], precision: 'float16' };
  const absent = () => Promise.resolve('not here');

  it('is refused at once where no GPU is here, with what to do', async () => {
    const failure = openEngine(trt, undefined, { explain: absent });
    await expect(failure).rejects.toThrow(UnsupportedError);
    await expect(failure).rejects.toThrow(/expected a GPU for tensorrt or cuda, got none .*--allow_cpu/);
  });

  it('runs on the CPU where that is allowed, and says so', async () => {
    const messages: string[] = [];
    const reporter = { message: (text: string) => void messages.push(text) };
    const engine = await openEngine({ ...trt, allowCpu: true }, undefined, { explain: absent, reporter });
    const executable = await engine.compile(program);
    expect((executable as OnnxExecutable).provider).toBe('cpu');
    await executable.dispose();
    expect(messages).toEqual([
      'engine#provider: expected a GPU for tensorrt or cuda, got none (tensorrt, cuda: not here); ' +
        'the network runs on the CPU, float16, for comparison',
    ]);
  });

  it('says which provider was found, on the GPU of the process among those of its host', async () => {
    const messages: string[] = [];
    const tried: ProbeSettings[] = [];
    await openEngine(trt, undefined, {
      environment: { OMPI_COMM_WORLD_LOCAL_RANK: '1' },
      reporter: { message: (text) => void messages.push(text) },
      explain: (provider, settings) => {
        tried.push(settings);
        return Promise.resolve(provider === 'cuda' ? undefined : 'not here');
      },
    });
    expect(messages).toEqual(['the network runs on cuda, float16']);
    expect(tried).toEqual(Array(2).fill({ deviceId: 1, precision: 'float16' }));
  });
});
