import { describe, expect, it } from 'vitest';
import { chooseWorkers } from '../src/open-loaders.js';

const loading = { workers: 'auto' } as const;
const engine = (name: 'onnx' | 'tfjs', ...providers: string[]) => ({ engine: name, providers });

describe('chooseWorkers', () => {
  it('makes patches in the main thread where the network runs on the CPU', () => {
    expect(chooseWorkers(loading, {}, 16)).toBe(0);
    expect(chooseWorkers(loading, engine('onnx', 'auto'), 16)).toBe(0);
    expect(chooseWorkers(loading, engine('onnx', 'cpu'), 16)).toBe(0);
    expect(chooseWorkers(loading, engine('tfjs', 'wasm'), 16)).toBe(0);
  });

  it('leaves one processor to the main thread elsewhere, and takes four others at most', () => {
    const processors = [1, 2, 3, 8];
    const chosen = processors.map((count) => chooseWorkers(loading, engine('onnx', 'cuda', 'cpu'), count));
    expect(chosen).toEqual([1, 1, 2, 4]);
    expect(chooseWorkers(loading, engine('tfjs', 'auto'), 8)).toBe(4);
  });

  it('does what it is told', () => {
    expect(chooseWorkers({ workers: 3 }, engine('onnx', 'cpu'), 1)).toBe(3);
    expect(chooseWorkers({ workers: 0 }, engine('onnx', 'cuda'), 8)).toBe(0);
  });
});
