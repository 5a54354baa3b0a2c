import type { Program } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine, TraceError, traceProgram } from '../src/node.js';

const program: Program = {
  name: 'sum',
  inputs: [
    { name: 'a', shape: [4], dtype: 'float32' },
    { name: 'b', shape: [2, 2], dtype: 'float32' },
  ],
  run: ({ a, b }) => ({ sum: tf.add(a!, tf.reshape(b!, [4])) }),
};

describe('createOnnxEngine', () => {
  it('takes one array for inputs of different shapes', async () => {
    const executable = await createOnnxEngine({ threads: 1 }).compile(program);
    const data = Float32Array.of(1, 2, 3, 4);
    const { sum } = await executable.run({ a: data, b: data });
    expect(Array.from(sum!.data)).toEqual([2, 4, 6, 8]);
  });

  it('sees arrays that were changed in place', async () => {
    const executable = await createOnnxEngine({ threads: 1 }).compile(program);
    const [a, b] = [Float32Array.of(1, 2, 3, 4), new Float32Array(4)];
    await executable.run({ a, b });
    b.fill(10);
    const { sum } = await executable.run({ a, b });
    expect(Array.from(sum!.data)).toEqual([11, 12, 13, 14]);
  });

  it('takes constants out of the inputs', async () => {
    const constants = new Map([['b', Float32Array.of(1, 1, 1, 1)]]);
    const executable = await createOnnxEngine({ threads: 1 }).compile(program, { constants });
    expect(executable.inputs.map((spec) => spec.name)).toEqual(['a']);
    const { sum } = await executable.run({ a: Float32Array.of(1, 2, 3, 4) });
    expect(Array.from(sum!.data)).toEqual([2, 3, 4, 5]);
  });

  it('names the input that is missing or of another size', async () => {
    const executable = await createOnnxEngine({ threads: 1 }).compile(program);
    const a = new Float32Array(4);
    await expect(executable.run({ a })).rejects.toThrow('sum: input b: expected 4 elements of [2, 2], got none');
    await expect(executable.run({ a, b: new Float32Array(3) })).rejects.toThrow('got 3 elements');
  });

  it('tells which providers failed and why', async () => {
    await expect(createOnnxEngine({ providers: ['coreml', 'dml'] }).compile(program)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/expected a working provider of \[coreml, dml\]/) as string,
    });
  });
});

describe('traceProgram', () => {
  it('names a kernel that it cannot record', () => {
    const run: Program['run'] = ({ a }) => ({ y: tf.cumsum(a!) });
    expect(() => traceProgram({ ...program, run })).toThrow(/tracing sum: .*got Cumsum/);
  });

  it('refuses functions that look at elements', () => {
    const run: Program['run'] = ({ a }) => ({ y: a!.dataSync()[0]! > 0 ? a! : tf.neg(a!) });
    expect(() => traceProgram({ ...program, run })).toThrow(TraceError);
  });

  it('leaves the backend of TensorFlow.js as it was', async () => {
    await tf.setBackend('cpu');
    traceProgram(program);
    expect(tf.getBackend()).toBe('cpu');
    expect(Array.from(tf.add([1, 2], [3, 4]).dataSync())).toEqual([4, 6]);
  });
});
