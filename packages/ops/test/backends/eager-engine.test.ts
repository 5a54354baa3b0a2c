// What the eager engine owes its callers on backends that start asynchronously and keep their memory outside JavaScript.
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batchNormTraining, groupedConv2d, NCHW, OIHW, type Program } from '../../src/index.js';
import { openEagerEngine } from '../../src/node.js';
import { findBackends } from './find-backends.js';

/** A layer, its gradients, and outputs that no kernel of the backend makes: an input, an alias, a boolean. */
const layer: Program = {
  name: 'layer',
  inputs: [
    { name: 'image', shape: [2, 8, 8, 4], dtype: 'float32', layout: NCHW },
    { name: 'filter', shape: [3, 3, 2, 4], dtype: 'float32', layout: OIHW },
    { name: 'scale', shape: [4], dtype: 'float32' },
    { name: 'classes', shape: [2, 8, 8], dtype: 'int32' },
  ],
  run: ({ image, filter, scale, classes }) => {
    const loss = (weights: tf.Tensor, gamma: tf.Tensor) => {
      const y = groupedConv2d(image as tf.Tensor4D, weights as tf.Tensor4D, { groups: 2 });
      const { y: normal } = batchNormTraining(y, gamma as tf.Tensor1D, tf.zeros([4]));
      return tf.mean(tf.square(tf.relu(normal))) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(loss)([filter!, scale!]);
    return { value, alias: value, dFilter: grads[0]!, dScale: grads[1]!, image: image!, found: tf.equal(classes!, 1) };
  },
  outputLayout: (name) => ({ dFilter: OIHW, image: NCHW })[name],
};
const ramp = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i));
const feeds = { image: ramp(512), filter: ramp(72), classes: Int32Array.from({ length: 128 }, (_, i) => i % 3) };
const constants = new Map([['scale', Float32Array.of(1, 2, 0.5, 1)]]);

for (const { backend, absence } of await findBackends('cpu', 'wasm', 'webgpu', 'tensorflow')) {
  describe.skipIf(absence)(`the eager engine on ${backend}${absence}`, () => {
    it('leaves neither tensors nor memory of the backend behind, run after run', async () => {
      const engine = await openEagerEngine({ backend });
      const before = measureMemory(backend);
      const executable = await engine.compile(layer, { constants });
      await executable.run(feeds);
      const afterFirst = measureMemory(backend);
      for (let run = 0; run < 3; run++) await executable.run(feeds);
      expect(measureMemory(backend)).toEqual(afterFirst);
      await executable.dispose();
      expect(measureMemory(backend)).toEqual(before);
    });

    it('leaves nothing behind when a program fails', async () => {
      const engine = await openEagerEngine({ backend });
      const before = measureMemory(backend);
      const failing: Program = {
        ...layer,
        run: (inputs) => {
          layer.run(inputs);
          throw new RangeError('no');
        },
      };
      const executable = await engine.compile(failing);
      await expect(executable.run({ ...feeds, scale: ramp(4) })).rejects.toThrow(RangeError);
      expect(measureMemory(backend)).toEqual(before);
    });

    it('keeps the backend that is current', async () => {
      await tf.setBackend('cpu');
      const executable = await (await openEagerEngine({ backend })).compile(layer);
      const running = executable.run({ ...feeds, scale: ramp(4) });
      expect(tf.getBackend()).toBe('cpu');
      await running;
      expect(tf.getBackend()).toBe('cpu');
    });
  });
}

function measureMemory(backend: string): object {
  const { numTensors, numDataBuffers } = tf.memory();
  return { numTensors, numDataBuffers, onBackend: tf.findBackend(backend).numDataIds() };
}
