import '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { NCHW, OIHW } from '../../src/layout.js';
import { runAllBoth, runBoth, type Comparison, type InputSpec, type Subject, type TensorFunction } from '../support.js';

type Network = (inputs: tf.Tensor[]) => tf.Tensor;

const image: InputSpec = { shape: [3, 12, 12, 3], layout: NCHW };
const conv = (kernel: number, inputs: number, outputs: number): InputSpec => {
  return { shape: [kernel, kernel, inputs, outputs], layout: OIHW, range: [-0.5, 0.5] };
};
const vector = (length: number, range: readonly [number, number] = [-0.5, 0.5]): InputSpec => ({
  shape: [length],
  range,
});
const matrix = (rows: number, columns: number): InputSpec => ({ shape: [rows, columns], range: [-0.5, 0.5] });

/** Normalisation by the statistics of the batch, as tf.layers composes it. */
function normalize(x: tf.Tensor4D, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor4D {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const [m, v, o, s] = [mean, variance, offset, scale] as tf.Tensor1D[];
  return tf.batchNorm(x, m!, v!, o, s, 1e-3);
}

/** Mean softmax cross-entropy with the classes 0, 1, 2, 0, … */
function crossEntropy(logits: tf.Tensor): tf.Tensor {
  const [count, classes] = logits.shape as [number, number];
  const labels = tf.oneHot(tf.mod(tf.range(0, count, 1, 'int32'), tf.scalar(classes, 'int32')), classes);
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

const classifier: Network = ([x, w1, scale, offset, w2, w3, dense, bias]) => {
  const stem = tf.maxPool(
    tf.relu(normalize(tf.conv2d(x as tf.Tensor4D, w1 as tf.Tensor4D, 1, 'same'), scale!, offset!)),
    3,
    2,
    'same',
  );
  const depthwise = tf.relu6(tf.depthwiseConv2d(stem, w2 as tf.Tensor4D, 1, 'same'));
  const pointwise = tf.conv2d(depthwise, w3 as tf.Tensor4D, 2, 'valid');
  const pooled = tf.mean(tf.avgPool(pointwise, 2, 1, 'valid'), [1, 2]);
  return crossEntropy(tf.add(tf.matMul(pooled, dense as tf.Tensor2D), bias!));
};

const segmenter: Network = ([x, w1, w2, w3]) => {
  const low = tf.leakyRelu(tf.conv2d(x as tf.Tensor4D, w1 as tf.Tensor4D, 2, 'same'), 0.1);
  const high = tf.image.resizeBilinear(low as tf.Tensor4D, [12, 12], false, false);
  const skip = tf.concat([high, tf.conv2d(x as tf.Tensor4D, w2 as tf.Tensor4D, 1, 'same')], 3);
  const map = tf.sigmoid(tf.conv2d(tf.elu(skip) as tf.Tensor4D, w3 as tf.Tensor4D, 1, 'same'));
  const target = tf.cast(tf.greater(tf.slice(x!, [0, 0, 0, 0], [3, 12, 12, 1]), 0.2), 'float32');
  const overlap = tf.sum(tf.mul(map, target), [1, 2, 3]);
  const total = tf.add(tf.sum(map, [1, 2, 3]), tf.sum(target, [1, 2, 3]));
  return tf.mean(tf.sub(1, tf.div(tf.mul(overlap, 2), total)));
};

const attention: Network = ([tokens, query, key, value, scale]) => {
  const [count, width] = [6, 4];
  const project = (weights: tf.Tensor) =>
    tf.transpose(
      tf.reshape(tf.matMul(tf.reshape(tokens!, [2 * count, 8]), weights as tf.Tensor2D), [2, count, 2, width]),
      [0, 2, 1, 3],
    );
  const scores = tf.div(tf.matMul(project(query!), project(key!), false, true), Math.sqrt(width));
  const causal = tf.linalg.bandPart(tf.ones([count, count]), -1, 0);
  const weights = tf.softmax(tf.where(tf.cast(causal, 'bool'), scores, tf.scalar(-1e9)));
  const mixed = tf.reshape(tf.transpose(tf.matMul(weights, project(value!)), [0, 2, 1, 3]), [2, count, 8]);
  const { mean, variance } = tf.moments(mixed, -1, true);
  const normal = tf.mul(tf.div(tf.sub(mixed, mean), tf.sqrt(tf.add(variance, 1e-3))), scale!);
  return tf.mean(tf.square(tf.add(tokens!, normal)));
};

const embedding: Network = ([table, weights]) => {
  const words = tf.tensor2d([[0, 3, 1], [4, 4, 2]], [2, 3], 'int32'); // prettier-ignore
  const vectors = tf.gather(table!, tf.reshape(words, [6]));
  const gates = tf.tanh(tf.matMul(vectors as tf.Tensor2D, weights as tf.Tensor2D));
  return tf.add(tf.norm(tf.max(tf.reshape(gates, [2, 3, 4]), 1)), tf.sum(tf.prod(tf.abs(tf.add(vectors, 2)))));
};

/** The loss, and its gradients with respect to all inputs but the first `data` ones. */
function trainStep(network: Network, inputs: InputSpec[], data = 1): Subject {
  return {
    inputs,
    fn: (...tensors) => {
      const loss = (...weights: tf.Tensor[]) => network([...tensors.slice(0, data), ...weights]).asScalar();
      const { value, grads } = tf.valueAndGrads(loss)(tensors.slice(data));
      return { value, ...Object.fromEntries(grads.map((gradient, index) => [`d${index}`, gradient])) };
    },
  };
}

const networks: Readonly<Record<string, Subject>> = {
  'classifier with pooling, depthwise convolution, batch-norm and cross-entropy': trainStep(classifier, [
    ...[image, conv(3, 3, 6), vector(6, [0.5, 1.5]), vector(6), { ...conv(3, 6, 2), layout: [0, 1, 2, 3] }],
    ...[conv(1, 12, 5), matrix(5, 3), vector(3)],
  ]),
  'segmenter with a skip connection and Dice loss': trainStep(segmenter, [
    image,
    conv(3, 3, 4),
    conv(1, 3, 2),
    conv(3, 6, 1),
  ]),
  'masked attention with layer normalisation': trainStep(attention, [
    { shape: [2, 6, 8] },
    ...[matrix(8, 8), matrix(8, 8), matrix(8, 8), vector(8, [0.5, 1.5])],
  ]),
  'embedding with maxima and products': trainStep(embedding, [matrix(5, 4), matrix(4, 4)], 0),
};

describe('small networks, recorded with their gradients, equal tfjs-cpu', () => {
  const names = Object.keys(networks);
  // One graph for all, made by the first test.
  let results: Promise<Comparison[][]> | undefined;

  it.each(names)('%s', async (name) => {
    results ??= runAllBoth(Object.values(networks));
    for (const { eager, recorded, shapes } of (await results)[names.indexOf(name)]!) {
      expect(shapes[1]).toEqual(shapes[0]);
      const magnitude = Math.max(...Array.from(eager, Math.abs));
      const difference = Math.max(...Array.from(eager, (value, index) => Math.abs(value - recorded[index]!)));
      // Sums of a thousand float32 terms in another order.
      expect(difference / magnitude).toBeLessThan(2e-5);
    }
  });
});

describe('a model of tf.layers', () => {
  it('is recorded with its weights as constants', async () => {
    await tf.setBackend('cpu');
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [8, 8, 3],
          filters: 4,
          kernelSize: 3,
          activation: 'relu',
          padding: 'same',
          kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
        }),
        tf.layers.batchNormalization({}),
        tf.layers.separableConv2d({
          filters: 5,
          kernelSize: 3,
          depthwiseInitializer: 'ones',
          pointwiseInitializer: tf.initializers.glorotNormal({ seed: 2 }),
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.upSampling2d({ size: [2, 2] }),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({
          units: 3,
          activation: 'softmax',
          kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
        }),
      ],
    });
    const predict: TensorFunction = (x) => ({ y: model.predict(x!) as tf.Tensor });
    for (const { eager, recorded } of await runBoth(predict, [{ shape: [2, 8, 8, 3] }])) {
      expect(eager.length).toBe(6);
      Array.from(eager).forEach((value, index) => expect(recorded[index]).toBeCloseTo(value, 6));
    }
    model.dispose();
  });
});
