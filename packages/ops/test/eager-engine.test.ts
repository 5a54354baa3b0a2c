import { ArgumentError, ShapeError, UnsupportedError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createEagerEngine, NCHW, OIHW, toHostShape, type Program } from '../src/index.js';

const scale: Program = {
  name: 'scale',
  inputs: [
    { name: 'image', shape: [1, 2, 2, 3], dtype: 'float32', layout: NCHW },
    { name: 'factor', shape: [], dtype: 'int32' },
  ],
  run: ({ image, factor }) => ({
    scaled: tf.mul(image!, factor!),
    first: tf.slice(image!, [0, 0, 0, 0], [1, 2, 2, 1]),
    factor: factor!,
    positive: tf.greater(image!, 5),
  }),
  outputLayout: (name) => (name === 'scaled' ? NCHW : undefined),
};
const image = Float32Array.from({ length: 12 }, (_, i) => i);
const factor = Int32Array.of(3);

describe('createEagerEngine', () => {
  it('is named for its backend', () => {
    expect(createEagerEngine().name).toBe('tfjs-cpu');
    expect(createEagerEngine({ backend: 'webgl' }).name).toBe('tfjs-webgl');
  });

  it('reads and gives arrays in the layouts that the program states', async () => {
    const executable = await createEagerEngine().compile(scale);
    const { scaled, first, factor: same, positive } = await executable.run({ image, factor });
    expect(scaled).toEqual({ data: image.map((value) => 3 * value), shape: [1, 3, 2, 2] });
    expect(first).toEqual({ data: Float32Array.of(0, 1, 2, 3), shape: [1, 2, 2, 1] });
    expect(same).toEqual({ data: factor, shape: [] });
    expect(positive!.data).toBeInstanceOf(Int32Array);
    expect([...positive!.data]).toEqual([0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1]);
  });

  it('gives arrays that share no memory with the feeds', async () => {
    const identity: Program = {
      name: 'identity',
      inputs: [{ name: 'x', shape: [2], dtype: 'float32' }],
      run: (x) => x,
    };
    const x = Float32Array.of(1, 2);
    const { x: result } = await (await createEagerEngine().compile(identity)).run({ x });
    x[0] = 9;
    expect([...result!.data]).toEqual([1, 2]);
  });

  it('knows the outputs after the first run', async () => {
    const executable = await createEagerEngine().compile(scale);
    expect(executable.inputs).toEqual(scale.inputs);
    expect(executable.outputs).toBeUndefined();
    await executable.run({ image, factor });
    expect(executable.outputs).toEqual([
      { name: 'scaled', shape: [1, 2, 2, 3], dtype: 'float32', layout: NCHW },
      { name: 'first', shape: [1, 2, 2, 1], dtype: 'float32' },
      { name: 'factor', shape: [], dtype: 'int32' },
      { name: 'positive', shape: [1, 2, 2, 3], dtype: 'int32' },
    ]);
  });

  it('runs programs that differentiate', async () => {
    const program: Program = {
      name: 'step',
      inputs: [
        { name: 'x', shape: [1, 3, 3, 1], dtype: 'float32', layout: NCHW },
        { name: 'w', shape: [1, 2, 1, 2], dtype: 'float32', layout: OIHW },
      ],
      run: ({ x, w }) => ({
        dw: tf.grad((filter) => tf.sum(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'valid')))(w!),
      }),
      outputLayout: () => OIHW,
    };
    const executable = await createEagerEngine().compile(program);
    const { dw } = await executable.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), w: new Float32Array(4) });
    expect(dw).toEqual({ data: Float32Array.of(27, 33, 27, 33), shape: [2, 1, 1, 2] });
  });

  it('keeps constants and asks for the other inputs alone', async () => {
    const before = tf.memory().numTensors;
    const constant = image.slice();
    const executable = await createEagerEngine().compile(scale, { constants: new Map([['image', constant]]) });
    constant.fill(0);
    expect(executable.inputs.map((spec) => spec.name)).toEqual(['factor']);
    for (const times of [2, 5]) {
      const { scaled } = await executable.run({ factor: Int32Array.of(times) });
      expect(scaled!.data).toEqual(image.map((value) => times * value));
    }
    await expect(executable.run({ image, factor })).rejects.toThrow('scale: expected inputs factor, got image');
    await executable.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensors behind, also when a program fails', async () => {
    const before = tf.memory().numTensors;
    const executable = await createEagerEngine().compile(scale);
    await executable.run({ image, factor });
    expect(tf.memory().numTensors).toBe(before);
    const failing: Program = {
      ...scale,
      run: (inputs) => {
        scale.run(inputs);
        throw new RangeError('no');
      },
    };
    const failed = (await createEagerEngine().compile(failing)).run({ image, factor });
    await expect(failed).rejects.toThrow(RangeError);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the input that is missing, unknown or of another size or type', async () => {
    const { run } = bind(await createEagerEngine().compile(scale));
    await expect(run({ image })).rejects.toThrow(new ArgumentError('scale: expected input factor, got none'));
    await expect(run({ image, factor, other: image })).rejects.toThrow(
      new ArgumentError('scale: expected inputs image, factor, got other'),
    );
    await expect(run({ image: new Float32Array(11), factor })).rejects.toThrow(
      new ShapeError('scale: image', '12 elements of float32', '11 of float32'),
    );
    await expect(run({ image, factor: Float32Array.of(1) })).rejects.toThrow(/expected 1 elements of int32/);
    const misnamed = createEagerEngine().compile(scale, { constants: new Map([['imag', image]]) });
    await expect(misnamed).rejects.toThrow('scale: constants: expected inputs image, factor, got imag');
  });

  it('refuses backends that are not registered and executables that are disposed', async () => {
    const unknown = createEagerEngine({ backend: 'nonesuch' }).compile(scale);
    await expect(unknown).rejects.toThrow(UnsupportedError);
    await expect(unknown).rejects.toThrow(/expected a registered TensorFlow.js backend \(.*cpu.*\), got nonesuch/);
    const executable = await createEagerEngine().compile(scale);
    await executable.dispose();
    await expect(executable.run({ image, factor })).rejects.toThrow(ArgumentError);
  });

  it('runs on its own backend and restores the current one', async () => {
    await tf.setBackend('cpu');
    tf.copyRegisteredKernels('cpu', 'second');
    tf.registerBackend('second', () => tf.findBackendFactory('cpu')());
    let during = '';
    const program: Program = {
      ...scale,
      run: (inputs) => {
        during = tf.getBackend();
        return scale.run(inputs);
      },
    };
    const executable = await createEagerEngine({ backend: 'second' }).compile(program);
    expect(tf.getBackend()).toBe('cpu');
    const { scaled } = await executable.run({ image, factor });
    expect(during).toBe('second');
    expect(tf.getBackend()).toBe('cpu');
    expect(scaled!.data[11]).toBe(33);
    tf.removeBackend('second');
  });
});

describe('toHostShape', () => {
  it('puts the axes of a shape into host order', () => {
    expect(toHostShape([1, 2, 3, 4], NCHW)).toEqual([1, 4, 2, 3]);
    expect(toHostShape([1, 2, 3, 4], OIHW)).toEqual([4, 3, 1, 2]);
    expect(toHostShape([5, 6], undefined)).toEqual([5, 6]);
  });
});

function bind<T extends { run: (...parameters: never[]) => unknown }>(executable: T): { run: T['run'] } {
  return { run: executable.run.bind(executable) as T['run'] };
}
