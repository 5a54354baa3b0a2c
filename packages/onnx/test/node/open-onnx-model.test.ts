import { ArgumentError, FileError, ShapeError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { EngineError, openOnnxModel } from '../../src/node.js';
import { createScaleModel } from '../model/scale-model.js';

const feed = (shape: readonly number[], value = 1) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return { x: { data: new Float32Array(size).fill(value), shape } };
};

describe.each(['worker', 'calling'] as const)('a model in the %s thread', (thread) => {
  it('runs on every shape that its free axes allow, in one session', async () => {
    const bytes = createScaleModel({ made: 'here' });
    const model = await openOnnxModel(bytes, { thread, threads: 1 });
    expect(model.provider).toBe('cpu');
    expect(model.metadata).toEqual({ made: 'here' });
    expect(bytes.byteLength).toBeGreaterThan(0);
    for (const shape of [
      [1, 2, 4, 4],
      [3, 2, 1, 7],
    ]) {
      const { y } = await model.run(feed(shape, 3));
      expect(y!.shape).toEqual(shape);
      expect(new Set(y!.data)).toEqual(new Set([6]));
    }
    await model.dispose();
    await model.dispose();
    await expect(model.run(feed([1, 2, 4, 4]))).rejects.toThrow(ArgumentError);
  });

  it('keeps overlapping runs apart, each with what its arrays were', async () => {
    const model = await openOnnxModel(createScaleModel(), { thread, threads: 1 });
    const feeds = feed([1, 2, 4, 4]);
    const runs = [1, 2, 3].map((value) => {
      feeds.x.data.fill(value);
      return model.run(feeds);
    });
    expect((await Promise.all(runs)).map(({ y }) => y!.data[0])).toEqual([2, 4, 6]);
    expect(feeds.x.data[0]).toBe(3);
    await model.dispose();
  });

  it('hears its signal, and runs afterwards', async () => {
    const model = await openOnnxModel(createScaleModel(), { thread, threads: 1 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const run = model.run(feed([8, 2, 256, 256]), controller.signal);
    controller.abort(reason);
    await expect(run).rejects.toBe(reason);
    await expect(model.run(feed([1, 2, 4, 4]), controller.signal)).rejects.toBe(reason);
    expect((await model.run(feed([1, 2, 4, 4]))).y!.data[0]).toBe(2);
    await model.dispose();
  });
});

it('says what does not fit a model', async () => {
  const model = await openOnnxModel(createScaleModel(), { thread: 'calling', threads: 1, name: 'scale.onnx' });
  const { x } = feed([1, 2, 4, 4]);
  await expect(model.run({})).rejects.toThrow('scale.onnx: expected input x, got none');
  await expect(model.run({ x, z: x })).rejects.toThrow('scale.onnx: expected inputs x, got z');
  await expect(model.run({ x: { ...x, shape: [1, 1, 4, 8] } })).rejects.toThrow(ShapeError);
  await expect(model.run({ x: { ...x, shape: [1, 2, 4, 5] } })).rejects.toThrow(/x: expected 40 elements, got 32/);
  await expect(model.run({ x: { data: new Int32Array(32), shape: x.shape } })).rejects.toThrow(/got int32/);
  await model.dispose();
});

it('refuses what is no model, and what ONNX Runtime refuses', async () => {
  await expect(openOnnxModel(Uint8Array.of(1, 2, 3))).rejects.toThrow(FileError);
  const damaged = createScaleModel();
  // The operator Mul becomes Nul.
  damaged[damaged.findIndex((_, i) => damaged[i] === 77 && damaged[i + 1] === 117 && damaged[i + 3] === 58)] = 78;
  await expect(openOnnxModel(damaged, { threads: 1 })).rejects.toThrow(EngineError);
});
