// A piece of HoVer-Net with everything that is special about it, its loss included, as one differentiable program.
import {
  batchNormTraining,
  cropCenter2d,
  filterDerivative,
  groupedConv2d,
  NCHW,
  OIHW,
  upsampleBilinear2x,
  upsampleNearest2x,
  type HostData,
  type Program,
  type TensorSpec,
} from '@hovernet/ops';
import { hashNoise } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';

const batch = 2;
const side = 14;
const outputSide = 10;

const shapes = {
  conv0: [3, 3, 3, 8],
  scale0: [8],
  shift0: [8],
  conv1: [3, 3, 8, 8],
  scale1: [8],
  shift1: [8],
  dense: [3, 3, 2, 8],
  head: [1, 1, 16, 4],
} as const;

type Weights = Record<keyof typeof shapes, tf.Tensor>;

const weightSpecs = Object.entries(shapes).map(([name, shape]): TensorSpec => {
  return { name, shape, dtype: 'float32', ...(shape.length === 4 ? { layout: OIHW } : {}) };
});

/** Outputs `loss`, `mean`, `variance`, `logits` (NCHW), and `d/NAME` for every weight and the image. */
export const hovernetBlock: Program = {
  name: 'hovernet block',
  inputs: [
    { name: 'image', shape: [batch, side, side, 3], dtype: 'float32', layout: NCHW },
    { name: 'classes', shape: [batch, outputSide, outputSide], dtype: 'int32' },
    { name: 'hv', shape: [batch, outputSide, outputSide, 2], dtype: 'float32', layout: NCHW },
    ...weightSpecs,
  ],
  run: ({ image, classes, hv, ...others }) => {
    const names = weightSpecs.map(({ name }) => name);
    const kept: Record<string, tf.Tensor> = {};
    const keep = (name: string, tensor: tf.Tensor) => (kept[name] = tf.keep(tensor));
    const computeLoss = (x: tf.Tensor, ...values: tf.Tensor[]): tf.Scalar => {
      const weights = Object.fromEntries(names.map((name, index) => [name, values[index]!])) as Weights;
      const { logits, mean, variance } = forward(x as tf.Tensor4D, weights);
      keep('logits', logits);
      keep('mean', mean);
      keep('variance', variance);
      return lossOf(logits, classes as tf.Tensor3D, hv as tf.Tensor4D);
    };
    const { value, grads } = tf.valueAndGrads(computeLoss)([image!, ...names.map((name) => others[name]!)]);
    const outputs: Record<string, tf.Tensor> = { loss: value };
    ['image', ...names].forEach((name, index) => (outputs[`d/${name}`] = grads[index]!));
    for (const [name, tensor] of Object.entries(kept)) {
      outputs[name] = tf.clone(tensor);
      tensor.dispose();
    }
    return outputs;
  },
  outputLayout: (name, rank) => {
    if (name === 'logits' || name === 'd/image') return NCHW;
    return rank === 4 ? OIHW : undefined;
  },
};

function forward(image: tf.Tensor4D, weights: Weights) {
  const filter = (name: keyof Weights) => weights[name] as tf.Tensor4D;
  const vector = (name: keyof Weights) => weights[name] as tf.Tensor1D;
  const stem = batchNormTraining(tf.conv2d(image, filter('conv0'), 1, 'same'), vector('scale0'), vector('shift0'));
  const features = tf.relu(stem.y);
  const pads: [[number, number], [number, number], [number, number], [number, number]] = [[0, 0], [1, 1], [1, 1], [0, 0]]; // prettier-ignore
  const down = batchNormTraining(tf.conv2d(features, filter('conv1'), 2, pads), vector('scale1'), vector('shift1'));
  const deep = tf.relu(down.y);
  const up = tf.add<tf.Tensor4D>(upsampleBilinear2x(deep), upsampleNearest2x(deep));
  const joined = tf.add<tf.Tensor4D>(up, features);
  const grown = groupedConv2d(joined, filter('dense'), { groups: 4 });
  const both = tf.concat([cropCenter2d(joined, side - 2, side - 2), grown], 3);
  const logits = cropCenter2d(tf.conv2d(both, filter('head'), 1, 'valid'), outputSide, outputSide);
  return { logits, mean: stem.mean, variance: stem.variance };
}

/** Cross-entropy and Dice of two channels, mean squared error of the others and of their derivative. */
function lossOf(logits: tf.Tensor4D, classes: tf.Tensor3D, hv: tf.Tensor4D): tf.Scalar {
  const part = (from: number) => tf.slice(logits, [0, 0, 0, from], [batch, outputSide, outputSide, 2]);
  const target = tf.oneHot(classes, 2);
  const entropy = tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(part(0)), target), 3)));
  const probability = tf.softmax(part(0));
  const overlap = tf.sum(tf.mul(probability, target));
  const dice = tf.sub(1, tf.div(tf.mul(2, overlap), tf.add(tf.sum(probability), tf.sum(target))));
  const difference = tf.sub<tf.Tensor4D>(part(2), hv);
  const slope = filterDerivative(difference, { axis: 'x' });
  const error = tf.add(tf.mean(tf.square(difference)), tf.mean(tf.square(slope)));
  return tf.add(tf.add(entropy, dice), error);
}

/** Hash noise for every input: images and maps in −1…1, filters scaled by their fan-in, classes 0 and 1. */
export function hovernetBlockFeeds(): Record<string, HostData> {
  const feeds = hovernetBlock.inputs.map(({ name, shape, dtype }, seed) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const noise = (i: number) => hashNoise(i, seed);
    if (dtype === 'int32') return [name, Int32Array.from({ length: size }, (_, i) => Number(noise(i) > 0))] as const;
    const fanIn = shape.length === 4 && name in shapes ? shape[0]! * shape[1]! * shape[2]! : 1;
    const offset = name.startsWith('scale') ? 1 : 0;
    return [name, Float32Array.from({ length: size }, (_, i) => offset + noise(i) / Math.sqrt(fanIn))] as const;
  });
  return Object.fromEntries(feeds);
}
