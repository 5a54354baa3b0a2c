import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import type { OnnxGraph } from '../../src/graph.js';
import { traceFunction } from '../../src/trace.js';
import { runBoth, type TensorFunction } from '../support.js';

function trace(fn: (x: tf.Tensor) => tf.Tensor): OnnxGraph {
  const spec = { name: 'x', shape: [2, 3], dtype: 'float32' } as const;
  return traceFunction(({ x }) => ({ y: fn(x!) }), [spec]).graph;
}

const operators = (graph: OnnxGraph) => graph.nodes.map((node) => node.op).filter((op) => op !== 'Identity');
const constantSize = (graph: OnnxGraph) => graph.constants.reduce((sum, constant) => sum + constant.data.length, 0);

describe('kernels of constants', () => {
  it('are computed while tracing', () => {
    const graph = trace((x) => {
      const weights = tf.softmax(tf.cumsum(tf.range(0, 6)).reshape([2, 3]));
      return tf.add(x, tf.mul(weights, tf.oneHot(tf.tensor1d([1, 0], 'int32'), 3)));
    });
    expect(operators(graph)).toEqual(['Add']);
  });

  it('are computed without the advice to install another backend', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    (tf.findBackend('cpu') as unknown as { firstUse: boolean }).firstUse = true;
    trace((x) => tf.add(x, tf.sin(tf.linspace(0, 3, 3))));
    expect(warn).not.toHaveBeenCalled();
    expect(tf.env().getBool('PROD')).toBe(false);
    warn.mockRestore();
  });

  it('give what they give eagerly', async () => {
    const fn: TensorFunction = (x) => ({ y: tf.add(x!, tf.logSoftmax(tf.sin(tf.linspace(0, 3, 3)))) });
    for (const { eager, recorded } of await runBoth(fn, [{ shape: [2, 3] }])) {
      expect(Array.from(recorded)).toEqual(Array.from(eager));
    }
  });

  it('include those that could not be recorded', () => {
    const graph = trace((x) => {
      const { values } = tf.unique(tf.tensor1d([3, 1, 3, 1, 2]));
      return tf.add(x, values);
    });
    expect(operators(graph)).toEqual(['Add']);
    expect(graph.constants[0]!.data).toEqual(Float32Array.of(3, 1, 2));
  });

  it('keep equal elements as one number', () => {
    const graph = trace((x) => {
      const ones = tf.ones([64, 2, 3]);
      const grown = tf.sqrt(tf.add(tf.mul(tf.reshape(tf.transpose(ones), [3, 2, 64]), 3), 1));
      return tf.mul(x, tf.slice(tf.concat([grown, grown], 2), [0, 0, 5], [1, 2, 3]));
    });
    expect(constantSize(graph)).toBeLessThan(8);
  });
});

describe('tensors without elements', () => {
  it('need no nodes', async () => {
    const fn: TensorFunction = (x) => {
      const none = tf.slice(x!, [0, 0], [0, 3]);
      const products = tf.matMul(tf.slice(x!, [0, 0], [2, 0]), tf.reshape(none, [0, 4]));
      return { joined: tf.concat([none, tf.exp(x!)], 0), sum: tf.sum(tf.square(none), 0), products };
    };
    for (const { eager, recorded, shapes } of await runBoth(fn, [{ shape: [2, 3] }])) {
      expect(shapes[1]).toEqual(shapes[0]);
      Array.from(recorded).forEach((value, index) => expect(value).toBeCloseTo(eager[index]!, 6));
    }
  });
});
