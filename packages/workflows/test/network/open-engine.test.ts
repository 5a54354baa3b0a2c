import { describe, expect, it } from 'vitest';
import type { EngineConfiguration } from '../../src/config/configuration.js';
import { openEngine, parseProviders } from '../../src/network/open-engine.js';

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

  it('keeps the order of the ladder', () => {
    expect(parseProviders(['tensorrt', 'cuda', 'auto'])).toEqual(['tensorrt', 'cuda', 'cpu']);
  });
});
