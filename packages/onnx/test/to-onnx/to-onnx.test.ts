import type { HostData, Program } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { runModelNatively } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { toOnnx, traceProgram } from '../../src/index.js';

const program: Program = {
  name: 'sum',
  inputs: [
    { name: 'a', shape: [4], dtype: 'float32' },
    { name: 'b', shape: [2, 2], dtype: 'float32' },
    { name: 'count', shape: [1], dtype: 'int32' },
  ],
  run: ({ a, b, count }) => ({ sum: tf.mul(tf.add(a!, tf.reshape(b!, [4])), tf.cast(count!, 'float32')) }),
};
const { graph } = traceProgram(program);
const a = { data: Float32Array.of(1, 2, 3, 4), dims: [4] };

describe('toOnnx', () => {
  it('makes inputs constants of the model', async () => {
    const weights = new Map<string, HostData>([
      ['b', Float32Array.of(10, 20, 30, 40)],
      ['count', Int32Array.of(2)],
    ]);
    const { sum } = await runModelNatively(toOnnx(graph, { weights }), { a });
    expect([...sum!.data]).toEqual([22, 44, 66, 88]);
  });

  it('stores weights as float16 where asked: half the bytes', () => {
    const long: Program = {
      name: 'long',
      inputs: [
        { name: 'x', shape: [1, 1000], dtype: 'float32' },
        { name: 'matrix', shape: [1000, 100], dtype: 'float32' },
      ],
      run: ({ x, matrix }) => ({ y: tf.matMul(x!, matrix!) }),
    };
    const weights = new Map([['matrix', new Float32Array(100_000).fill(0.1)]]);
    const traced = traceProgram(long).graph;
    expect(toOnnx(traced, { weights }).length).toBeGreaterThan(400_000);
    expect(toOnnx(traced, { weights, precision: 'float16' }).length).toBeLessThan(201_000);
  });

  it('leaves out weights that nothing reads', () => {
    const unused: Program = { ...program, run: ({ a }) => ({ y: tf.neg(a!) }) };
    const weights = new Map([['b', Float32Array.of(10, 20, 30, 40)]]);
    const model = toOnnx(traceProgram(unused).graph, { weights });
    expect(Buffer.from(model).includes(Buffer.from(weights.get('b')!.buffer))).toBe(false);
  });

  it('carries texts', () => {
    const text = Buffer.from(toOnnx(graph, { metadata: { author: 'somebody' } })).toString('latin1');
    expect(text).toMatch(/author.*somebody/s);
  });

  it('refuses weights that the graph does not have, or of another size or type', () => {
    const bind = (name: string, data: Float32Array | Int32Array) => () =>
      toOnnx(graph, { weights: new Map([[name, data]]) });
    expect(bind('c', Float32Array.of(1))).toThrow('toOnnx: weights: expected names of inputs of the graph, got c');
    expect(bind('b', Float32Array.of(1))).toThrow('b: expected 4 elements of float32 for [2, 2], got 1 of float32');
    expect(bind('count', Float32Array.of(1))).toThrow('expected 1 elements of int32 for [1], got 1 of float32');
  });
});
