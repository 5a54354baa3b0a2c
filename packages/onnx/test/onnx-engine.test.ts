import type { Program } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../src/node.js';

const program: Program = {
  name: 'sum',
  inputs: [
    { name: 'a', shape: [4], dtype: 'float32' },
    { name: 'b', shape: [2, 2], dtype: 'float32' },
  ],
  run: ({ a, b }) => ({ sum: tf.add(a!, tf.reshape(b!, [4])) }),
};

describe.each(['worker', 'calling'] as const)('createOnnxEngine in the %s thread', (thread) => {
  const engine = createOnnxEngine({ threads: 1, thread });

  it('takes one array for inputs of different shapes', async () => {
    const executable = await engine.compile(program);
    const data = Float32Array.of(1, 2, 3, 4);
    const { sum } = await executable.run({ a: data, b: data });
    expect(Array.from(sum!.data)).toEqual([2, 4, 6, 8]);
    await executable.dispose();
  });

  it('sees arrays that were changed in place', async () => {
    const executable = await engine.compile(program);
    const [a, b] = [Float32Array.of(1, 2, 3, 4), new Float32Array(4)];
    await executable.run({ a, b });
    b.fill(10);
    const { sum } = await executable.run({ a, b });
    expect(Array.from(sum!.data)).toEqual([11, 12, 13, 14]);
    await executable.dispose();
  });

  it('takes arrays over shared memory', async () => {
    const executable = await engine.compile(program);
    const a = new Float32Array(new SharedArrayBuffer(16)).fill(1);
    const { sum } = await executable.run({ a, b: a });
    a.fill(2);
    expect(Array.from(sum!.data)).toEqual([2, 2, 2, 2]);
    expect(Array.from((await executable.run({ a, b: a })).sum!.data)).toEqual([4, 4, 4, 4]);
    await executable.dispose();
  });

  it('takes constants out of the inputs', async () => {
    const constants = new Map([['b', Float32Array.of(1, 1, 1, 1)]]);
    const executable = await engine.compile(program, { constants });
    expect(executable.inputs.map((spec) => spec.name)).toEqual(['a']);
    const { sum } = await executable.run({ a: Float32Array.of(1, 2, 3, 4) });
    expect(Array.from(sum!.data)).toEqual([2, 3, 4, 5]);
    await executable.dispose();
  });

  it('names the input that is missing, unknown or of another size', async () => {
    const executable = await engine.compile(program);
    const a = new Float32Array(4);
    await expect(executable.run({ a })).rejects.toThrow('sum: expected input b, got none');
    await expect(executable.run({ a, b: a, c: a })).rejects.toThrow('sum: expected inputs a, b, got c');
    await expect(executable.run({ a, b: new Float32Array(3) })).rejects.toThrow('sum: b: expected 4 elements');
    await executable.dispose();
  });

  it('tells which providers failed and why', async () => {
    const onMissing = createOnnxEngine({ providers: ['coreml', 'dml'], thread });
    await expect(onMissing.compile(program)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/expected a working provider of \[coreml, dml\], got coreml: .*; dml: /) as string,
    });
  });

  it('goes on to the next provider of the ladder', async () => {
    const executable = await createOnnxEngine({ providers: ['coreml', 'cpu'], thread }).compile(program);
    expect(executable.provider).toBe('cpu');
    await executable.dispose();
  });

  it('refuses to run once disposed, and disposes twice in peace', async () => {
    const executable = await engine.compile(program);
    await executable.dispose();
    await executable.dispose();
    await expect(executable.run({})).rejects.toThrow('sum: expected an executable in use, got a disposed one');
  });
});
