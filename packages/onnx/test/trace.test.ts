import type { TensorSpec } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { TraceError, traceFunction, traceProgram } from '../src/index.js';

const inputs: TensorSpec[] = [
  { name: 'a', shape: [4], dtype: 'float32' },
  { name: 'b', shape: [2, 2], dtype: 'float32' },
];

function errorOf(fn: Parameters<typeof traceFunction>[0]): TraceError {
  try {
    traceFunction(fn, inputs, { name: 'subject' });
  } catch (error) {
    return error as TraceError;
  }
  throw new Error('traced without an error');
}

describe('traceFunction', () => {
  it('gives a graph with the inputs and outputs of the function', () => {
    const { graph, outputs } = traceFunction(({ a, b }) => ({ sum: tf.add(a!, tf.reshape(b!, [4])) }), inputs);
    expect(graph.inputs.map((port) => [port.name, port.dims])).toEqual([
      ['a', [4]],
      ['b', [2, 2]],
    ]);
    expect(graph.outputs).toEqual([{ name: 'sum', type: 'float32', dims: [4] }]);
    expect(outputs).toEqual([{ name: 'sum', shape: [4], dtype: 'float32', layout: undefined }]);
  });

  it('stores constants in the graph', () => {
    const constants = new Map([['b', Float32Array.of(1, 2, 3, 4)]]);
    const { graph } = traceFunction(({ a, b }) => ({ y: tf.add(a!, tf.reshape(b!, [4])) }), inputs, { constants });
    expect(graph.inputs.map((port) => port.name)).toEqual(['a']);
    expect(graph.constants.find((constant) => constant.name === 'b')?.data).toEqual(constants.get('b'));
  });

  it('names a kernel that it cannot record, and the line that called it', () => {
    const error = errorOf(({ a }) => ({ y: tf.unique(a!).values }));
    expect(error).toBeInstanceOf(TraceError);
    expect(error.message).toMatch(/^tracing subject: .*Unique.*\(called at .*trace\.test\.ts:\d+:\d+\)$/);
    expect(error.callSite).toMatch(/trace\.test\.ts:\d+:\d+$/);
  });

  it('names the line that makes a tensor of strings', () => {
    const error = errorOf(({ a }) => ({ y: tf.concat([a!, tf.cast(tf.tensor1d(['1']), 'float32')]) }));
    expect(error.message).toMatch(/expected tensors of float32, int32 or bool, got one of string .*trace\.test\.ts/);
  });

  it('names the line that looks at elements', () => {
    const error = errorOf(({ a }) => ({ y: a!.dataSync()[0]! > 0 ? a! : tf.neg(a!) }));
    expect(error.message).toMatch(/got one that reads the elements of a traced tensor.*trace\.test\.ts/);
  });

  it('names the line where shapes do not fit', () => {
    const product = errorOf(({ a, b }) => ({ y: tf.matMul(b!, tf.reshape(a!, [1, 4])) }));
    expect(product.message).toMatch(/BatchMatMul: .*\[2, 2\] and \[1, 4\] \(called at .*trace\.test\.ts/);
    const sum = errorOf(({ a, b }) => ({ y: tf.add(a!, b!) }));
    expect(sum.message).toMatch(/Add: .*\[4\] and \[2, 2\] \(called at .*trace\.test\.ts/);
  });

  it('names the line whose result depends on elements in its shape', () => {
    const error = errorOf(({ a }) => ({ y: tf.reshape(a!, [a!.arraySync() as unknown as number]) }));
    expect(error.message).toMatch(/trace\.test\.ts/);
  });

  it.each([
    ['a single tensor', ((inputs: Record<string, tf.Tensor>) => inputs['a']) as never, 'got a single tensor'],
    ['a promise', (async (inputs: Record<string, tf.Tensor>) => inputs) as never, 'got a promise'],
    ['numbers', (() => ({ y: 1 })) as never, 'got number for y'],
    ['nothing', (() => undefined) as never, 'got undefined'],
  ])('refuses a function that returns %s', (_, fn, problem) => {
    expect(errorOf(fn).message).toContain(problem);
  });

  it('leaves the backend of TensorFlow.js and the stack traces as they were, also after a failure', async () => {
    await tf.setBackend('cpu');
    const limit = Error.stackTraceLimit;
    errorOf(({ a }) => ({ y: tf.unique(a!).values }));
    expect(tf.getBackend()).toBe('cpu');
    expect(Error.stackTraceLimit).toBe(limit);
    expect(Array.from(tf.add([1, 2], [3, 4]).dataSync())).toEqual([4, 6]);
  });

  it('traces a program like its function', () => {
    const run = ({ a }: Record<string, tf.Tensor>) => ({ y: tf.neg(a!) });
    const fromProgram = traceProgram({ name: 'p', inputs, run });
    expect(fromProgram.graph).toEqual(traceFunction(run, inputs).graph);
  });
});
