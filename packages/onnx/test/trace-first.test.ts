// In a file of its own: nothing has chosen a backend yet.
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { traceFunction } from '../src/index.js';

it('a trace before anything else leaves TensorFlow.js on its own backend', () => {
  traceFunction(({ a }) => ({ y: tf.neg(a!) }), [{ name: 'a', shape: [1], dtype: 'float32' }]);
  expect(tf.getBackend()).toBe('cpu');
  expect(Array.from(tf.add([1], [2]).dataSync())).toEqual([3]);
});
