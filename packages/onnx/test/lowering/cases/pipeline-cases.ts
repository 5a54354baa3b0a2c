// Several kernels in a row over one image: what each does to layouts, broadcasts and the runtime's own optimisations meets.
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { input, type CaseTable, type Instance } from './instance.js';
import { image, size } from './pooling-cases.js';

type Step = (x: tf.Tensor4D) => tf.Tensor;

/** Numbers that are no input: from −0.5 up, none equal to its neighbour. */
const numbers = (...shape: number[]) =>
  tf.sub(tf.mul(tf.reshape(tf.range(0, tf.util.sizeFromShape(shape)), shape), 0.37), 0.5);

const steps: Readonly<Record<string, Step>> = {
  relu: (x) => tf.relu(x),
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  tanh: (x) => tf.tanh(x),
  square: (x) => tf.square(x),
  exponential: (x) => tf.exp(tf.minimum(x, 1)),
  clip: (x) => tf.clipByValue(x, -0.4, 0.6),
  choose: (x) => tf.where(tf.greater(numbers(x.shape[2], x.shape[3]), 0.5), x, tf.mul(x, x)),
  'add a row': (x) => tf.add(x, numbers(x.shape[2], 1)),
  'scale channels': (x) => tf.mul(numbers(x.shape[3]), x),
  centre: (x) => tf.sub(x, tf.mean(x, [1, 2], true)),
  'divide by sum': (x) => tf.div(x, tf.add(tf.sum(tf.abs(x), 3, true), 1)),
  softmax: (x) => tf.softmax(x),
  maximum: (x) => tf.maximum(x, tf.mul(x, -0.5)),
  'pad by zeros': (x) => tf.pad(x, [[0, 0], [1, 0], [2, 1], [0, 0]]), // prettier-ignore
  'pad by a number': (x) => tf.pad(x, [[0, 0], [0, 1], [1, 0], [0, 1]], 0.5), // prettier-ignore
  mirror: (x) => tf.mirrorPad(x, [[0, 0], [1, 1], [1, 0], [0, 0]], 'symmetric'), // prettier-ignore
  crop: (x) => (x.shape[1] > 2 && x.shape[2] > 2 ? tf.slice(x, [0, 1, 1, 0], [-1, -1, x.shape[2] - 2, -1]) : x),
  'every other': (x) => (x.shape[2] === 1 ? x : tf.stridedSlice(x, [0, 0, 1, 0], [...x.shape], [1, 2, 1, 1], 0, 0)),
  transpose: (x) => tf.transpose(x, [0, 2, 1, 3]),
  'channels as rows': (x) => tf.transpose(x, [0, 3, 2, 1]),
  'merge and split': (x) => tf.reshape(tf.sigmoid(tf.reshape(x, [-1, x.shape[3]])), x.shape),
  'flat and back': (x) => tf.reshape(tf.neg(tf.reshape(x, [-1])), x.shape),
  reverse: (x) => tf.reverse(x, [1, 3]),
  double: (x) => tf.concat([x, tf.neg(x)], 3),
  stack: (x) => tf.sum(tf.stack([x, tf.mul(x, 2)], 1), 1),
  tile: (x) => tf.tile(x, [1, 1, 1, 2]),
  gather: (x) => tf.gather(x, tf.tensor1d([x.shape[3] - 1, 0], 'int32'), 3),
  'running sum': (x) => tf.cumsum(x, 3),
  'largest pixels': (x) => tf.maxPool(x, [2, 3], 1, 'same'),
  'fewer pixels': (x) => (x.shape[1] > 1 && x.shape[2] > 1 ? tf.maxPool(x, 2, 2, 'valid') : x),
  'mean pixels': (x) => tf.avgPool(x, 3, 2, 'same'),
  enlarge: (x) => tf.image.resizeNearestNeighbor(x, [x.shape[1] * 2, x.shape[2] * 2]),
  resize: (x) => tf.image.resizeNearestNeighbor(x, [x.shape[1] + 1, x.shape[2] + 2]),
  convolve: (x) => tf.conv2d(x, numbers(3, 3, x.shape[3], 2) as tf.Tensor4D, 1, 'same'),
  'convolve with a stride': (x) => tf.conv2d(x, numbers(2, 2, x.shape[3], 3) as tf.Tensor4D, 2, 'same'),
  depthwise: (x) => tf.depthwiseConv2d(x, numbers(3, 2, x.shape[3], 1) as tf.Tensor4D, 1, 'same'),
  'mix channels': (x) =>
    tf.reshape(tf.matMul(tf.reshape(x, [-1, x.shape[3]]), numbers(x.shape[3], 3) as tf.Tensor2D), [
      ...x.shape.slice(0, 3),
      3,
    ]),
};

/** Sizes beyond which a step that makes the image larger is left out. */
const MOST_ELEMENTS = 600;

const pipeline = fc
  .tuple(size, fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 2, maxLength: 6 }))
  .chain(([extent, names]) =>
    input(image(extent)).map((x): Instance => {
      const run = (start: tf.Tensor) =>
        names.reduce<tf.Tensor>((value, name) => {
          const next = steps[name]!(value as tf.Tensor4D);
          // Keeps numbers of order 1.
          return next.size > MOST_ELEMENTS ? value : tf.div(next, tf.add(1, tf.abs(tf.mul(next, 0.1))));
        }, start);
      return {
        inputs: [x],
        run: (value) => run(value!),
        attributes: { names },
        // TensorFlow.js does not differentiate strided slices.
        gradients: names.includes('every other') ? [] : [0],
        relative: 1e-4,
        absolute: 1e-5,
      };
    }),
  );

/** Pipelines side by side in one graph. */
export const pipelineCases: CaseTable = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`pipeline ${index}`, pipeline]),
);
