import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import '../../src/index.js';

it('repairs a backend that is imported after this package, and nothing is printed', async () => {
  const warn = vi.spyOn(console, 'warn');
  await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
  const gradient = tf.grad(pool)(tf.tensor4d([-4, -3, -2, -1], [1, 2, 2, 1]));
  expect([...gradient.dataSync()]).toEqual([0, 0, 0, 1]);
  expect(tf.getKernel(tf.Conv2DBackpropFilter, 'wasm')).toBeDefined();
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
