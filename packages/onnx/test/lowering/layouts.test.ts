import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { NCHW, OIHW } from '../../src/layout.js';
import { traceFunction } from '../../src/trace.js';

const image = { name: 'x', shape: [1, 8, 6, 4], dtype: 'float32', layout: NCHW } as const;
const filter = { name: 'w', shape: [3, 3, 4, 2], dtype: 'float32', layout: OIHW } as const;

const gradient = (fn: (x: tf.Tensor4D) => tf.Tensor) => tf.grad((x) => fn(x as tf.Tensor4D));

/** Operations on an image that need no other order in memory than the one it has. */
const operations: Record<string, (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor> = {
  reduction: (x) => tf.mean(x, [1, 2], true),
  'running sum': (x) => tf.cumsum(x, 1),
  'split channels': (x) => tf.sum(tf.reshape(x, [1, 8, 6, 2, 2]), 4),
  'merged pixels': (x) => tf.reshape(tf.softmax(tf.reshape(x, [48, 4])), [1, 8, 6, 4]),
  gather: (x) => tf.gather(x, tf.tensor1d([3, 1], 'int32'), 3),
  'strided slice': (x) => tf.stridedSlice(x, [0, 0, 0, 0], [1, 8, 6, 4], [1, 2, 2, 1]),
  'mirror padding': (x) => tf.mirrorPad(x, [[0, 0], [1, 1], [2, 2], [0, 0]], 'symmetric'), // prettier-ignore
  'channels-first convolution': (x, w) =>
    tf.transpose(tf.conv2d(tf.transpose(x, [0, 3, 1, 2]), w, 1, 'same', 'NCHW'), [0, 2, 3, 1]),
  'max pooling': (x) => gradient((y) => tf.maxPool(y, 3, 2, 'same'))(x),
  'average pooling': (x) => gradient((y) => tf.avgPool(y, 3, 2, 'same'))(x),
  'bilinear resizing': (x) => gradient((y) => tf.image.resizeBilinear(y, [5, 9]))(x),
  'nearest resizing': (x) => gradient((y) => tf.image.resizeNearestNeighbor(y, [5, 9]))(x),
  'local response normalisation': (x) => gradient((y) => tf.localResponseNormalization(y, 1))(x),
  'grey-scale dilation': (x, w) => tf.dilation2d(x, tf.squeeze(tf.slice(w, [0, 0, 0, 0], [3, 3, 4, 1]), [3]) as tf.Tensor3D, 1, 'same'), // prettier-ignore
};

it.each(Object.entries(operations))('does not transpose an image: %s', (_, fn) => {
  const traced = traceFunction(({ x, w }) => ({ y: fn(x as tf.Tensor4D, w as tf.Tensor4D) }), [image, filter], {
    outputLayout: (_name, rank) => [0, rank - 1, ...Array.from({ length: rank - 2 }, (_axis, axis) => axis + 1)],
  });
  expect(traced.graph.nodes.filter(({ op }) => op === 'Transpose')).toEqual([]);
});
