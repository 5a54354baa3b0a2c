// The native package is not installed for this test: its module is replaced by one that registers as it does.
import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import { openEagerEngine } from '../../src/node.js';

vi.mock('@tensorflow/tfjs-node-gpu', async () => (await import('./fake-tensorflow.js')).importFakeTensorflow());

it('auto runs programs on @tensorflow/tfjs-node-gpu where it is installed', async () => {
  const engine = await openEagerEngine();
  expect(engine.name).toBe('tfjs-tensorflow');
  let ranOn = '';
  const executable = await engine.compile({
    name: 'double',
    inputs: [{ name: 'x', shape: [2], dtype: 'float32' }],
    run: ({ x }) => {
      ranOn = tf.getBackend();
      return { y: tf.mul(x!, 2) };
    },
  });
  expect([...(await executable.run({ x: Float32Array.of(1, 2) })).y!.data]).toEqual([2, 4]);
  expect(ranOn).toBe('tensorflow');
});
