// Programs of every family of operations, and small networks with their gradients: what must be valid and equal elsewhere.
import { createRandom } from '@hovernet/core';
import {
  batchNormTraining,
  cropCenter2d,
  filterDerivative,
  groupedConv2d,
  NCHW,
  OIHW,
  toHostShape,
  upsampleBilinear2x,
  upsampleNearest2x,
  type HostData,
  type Layout,
  type Program,
  type TensorSpec,
} from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';

type Tensors = readonly tf.Tensor[];

interface InputOptions {
  readonly layout?: Layout;
  readonly range?: readonly [low: number, high: number];
  readonly dtype?: 'float32' | 'int32';
}

interface ProgramInput extends InputOptions {
  readonly shape: readonly number[];
  /** @default x and its index */
  readonly name?: string;
}

/** A program, and what to feed it with. */
export interface ProgramCase {
  readonly name: string;
  readonly program: Program;
  readonly feeds: Readonly<Record<string, HostData>>;
}

const input = (shape: readonly number[], options: InputOptions = {}): ProgramInput => ({ shape, ...options });
const image = (channels = 4, range?: readonly [number, number], batch = 2) =>
  input([batch, 8, 6, channels], { layout: NCHW, ...(range && { range }) });
const filter = (size: number, from: number, to: number) => input([size, size, from, to], { layout: OIHW });
const vector = (length = 4, range?: readonly [number, number]) => input([length], range ? { range } : {});
const positive = [0.5, 2] as const;

function define(
  name: string,
  inputs: readonly ProgramInput[],
  fn: (...tensors: tf.Tensor[]) => tf.Tensor | Record<string, tf.Tensor>,
): ProgramCase {
  const random = createRandom(7);
  const specs = inputs.map(({ name: given, shape, dtype = 'float32', layout }, index): TensorSpec => {
    return { name: given ?? `x${index}`, shape, dtype, layout };
  });
  const feeds = inputs.map(({ shape, dtype, range: [low, high] = [-1, 1] }, index) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = Float32Array.from({ length: size }, () => random.uniform(low, high));
    return [specs[index]!.name, dtype === 'int32' ? Int32Array.from(data, Math.floor) : data] as const;
  });
  return {
    name,
    feeds: Object.fromEntries(feeds),
    program: {
      name,
      inputs: specs,
      run: (tensors) => {
        const result = fn(...specs.map((spec) => tensors[spec.name]!));
        return result instanceof tf.Tensor ? { y: result } : result;
      },
      outputLayout: (_name, rank) => (rank === 4 ? NCHW : undefined),
    },
  };
}

/** `fn` with its gradients: those of Σ y·w for an uneven w. */
function withGradients(name: string, inputs: readonly ProgramInput[], fn: (...tensors: tf.Tensor[]) => tf.Tensor) {
  const weighted = (...tensors: tf.Tensor[]) => {
    const y = fn(...tensors);
    const weights = tf.reshape(tf.sin(tf.mul(tf.range(0, y.size), 0.7)), y.shape);
    return tf.sum(tf.mul(y, weights)) as tf.Scalar;
  };
  return define(`${name}, with gradients`, inputs, (...tensors) => {
    const gradients = tf.grads(weighted)([...tensors]);
    return { y: fn(...tensors), ...Object.fromEntries(gradients.map((gradient, i) => [`gradient/x${i}`, gradient])) };
  });
}

const asImage = (tensor: tf.Tensor | undefined) => tensor as tf.Tensor4D;
const asVector = (tensor: tf.Tensor | undefined) => tensor as tf.Tensor1D;

const families: readonly ProgramCase[] = [
  define('arithmetic', [image(), image(4, positive), vector()], (x, y, v) => ({
    sum: tf.addN([x!, y!, tf.mul(x!, v!)]),
    quotient: tf.div(tf.sub(x!, v!), y!),
    powers: tf.pow(y!, tf.add(x!, 1.5)),
    extremes: tf.maximum(tf.minimum(x!, 0.5), v!),
    differences: tf.squaredDifference(x!, y!),
  })),
  define('functions of one number', [image(4, positive)], (x) => ({
    roots: tf.add(tf.sqrt(x!), tf.rsqrt(x!)),
    exponentials: tf.add(tf.exp(tf.neg(x!)), tf.log(x!)),
    waves: tf.add(tf.sin(x!), tf.cos(x!)),
    bounded: tf.add(tf.sigmoid(x!), tf.add(tf.tanh(x!), tf.erf(x!))),
    rounded: tf.add(tf.floor(tf.mul(x!, 3)), tf.add(tf.ceil(x!), tf.round(tf.mul(x!, 5)))),
    rest: tf.add(tf.abs(tf.sub(x!, 1)), tf.add(tf.sign(tf.sub(x!, 1)), tf.add(tf.softplus(x!), tf.reciprocal(x!)))),
    clipped: tf.clipByValue(x!, 0.75, 1.5),
  })),
  define('comparison and choice', [image(), image()], (x, y) => ({
    chosen: tf.where(tf.logicalAnd(tf.greater(x!, y!), tf.lessEqual(x!, 0.5)), x!, tf.neg(y!)),
    equal: tf.cast(tf.logicalOr(tf.equal(x!, y!), tf.logicalNot(tf.less(y!, 0.1))), 'float32'),
    unequal: tf.cast(tf.notEqual(tf.round(x!), tf.round(y!)), 'int32'),
  })),
  define('whole numbers', [input([3, 4], { dtype: 'int32', range: [0, 9] })], (x) => ({
    doubled: tf.mul(x!, tf.scalar(2, 'int32')),
    floats: tf.div(tf.cast(x!, 'float32'), 4),
  })),
  define('reductions', [image()], (x) => ({
    all: tf.sum(x!),
    pixels: tf.mean(x!, [1, 2]),
    rows: tf.max(x!, 1),
    channels: tf.min(x!, -1, true),
    product: tf.prod(x!, 2),
    largest: tf.argMax(x!, -1),
    smallest: tf.argMin(x!, 1),
  })),
  define('softmax', [image()], (x) => ({ probabilities: tf.softmax(x!), logarithms: tf.logSoftmax(x!) })),
  define('reshaping', [image()], (x) => ({
    rows: tf.reshape(x!, [16, 24]),
    axes: tf.expandDims(tf.squeeze(tf.sum(x!, 3, true)), 1),
    transposed: tf.add(tf.transpose(x!, [0, 3, 1, 2]), 1),
  })),
  define('parts and joins', [image()], (x) => ({
    part: tf.slice(x!, [0, 1, 2, 1], [2, 3, 2, 2]),
    joined: tf.concat(tf.split(x!, 2, 3).reverse(), 3),
    stacked: tf.stack(tf.unstack(x!, 3).reverse(), 1),
    tiled: tf.tile(x!, [1, 2, 1, 3]),
    reversed: tf.reverse(x!, [1, 3]),
    gathered: tf.gather(x!, tf.tensor1d([2, 0, 2], 'int32'), 3),
  })),
  define('padding', [image()], (x) => ({
    constant: tf.pad(
      x!,
      [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      0.5,
    ),
    mirrored: tf.mirrorPad(
      x!,
      [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 0],
      ],
      'reflect',
    ),
  })),
  withGradients('matrix products', [input([3, 4, 5]), input([3, 5, 2])], (x, y) => tf.matMul(x!, y!)),
  define('matrix product of transposed factors', [input([5, 4]), input([2, 5])], (x, y) =>
    tf.matMul(x!, y!, true, true),
  ),
  withGradients('convolution', [image(), filter(3, 4, 6)], (x, w) => tf.conv2d(asImage(x), asImage(w), 1, 'same')),
  withGradients('strided convolution', [image(), filter(3, 4, 6)], (x, w) =>
    tf.conv2d(asImage(x), asImage(w), 2, [
      [0, 0],
      [2, 0],
      [2, 1],
      [0, 0],
    ]),
  ),
  withGradients('pointwise convolution', [image(), filter(1, 4, 6)], (x, w) =>
    tf.conv2d(asImage(x), asImage(w), 1, 'valid'),
  ),
  withGradients('convolution of many channels', [image(20), filter(3, 20, 4)], (x, w) =>
    tf.conv2d(asImage(x), asImage(w), 1, 'valid'),
  ),
  withGradients('grouped convolution', [image(), filter(3, 2, 6)], (x, w) =>
    groupedConv2d(asImage(x), asImage(w), { groups: 2, pad: 'same' }),
  ),
  define('pooling', [image()], (x) => ({
    largest: tf.maxPool(asImage(x), 2, 2, 'valid'),
    mean: tf.avgPool(asImage(x), 2, 2, 'valid'),
  })),
  withGradients('nearest enlargement', [image()], (x) => upsampleNearest2x(asImage(x))),
  withGradients('bilinear enlargement', [image()], (x) => upsampleBilinear2x(asImage(x))),
  withGradients('derivative filter', [image(1)], (x) => filterDerivative(asImage(x), { axis: 'x', kernelSize: 5 })),
  define(
    'batch-norm with given statistics',
    [image(), vector(), vector(4, positive), vector(), vector()],
    (x, m, v, b, g) => tf.batchNorm(asImage(x), asVector(m), asVector(v), asVector(b), asVector(g), 1e-5),
  ),
  withGradients(
    'batch-norm with statistics of the batch',
    [image(), vector(4, positive), vector()],
    (x, g, b) => batchNormTraining(asImage(x), asVector(g), asVector(b)).y,
  ),
  withGradients('ReLU', [image()], (x) => tf.relu(x!)),
];

/** Weights of {@link smallNetwork}: a strided encoder, grouped convolution in the middle, a decoder with a skip. */
const networkWeights: readonly ProgramInput[] = [
  { name: 'first.weight', ...filter(3, 3, 8) },
  { name: 'first.scale', ...vector(8, positive) },
  { name: 'first.shift', ...vector(8) },
  { name: 'second.weight', ...filter(3, 8, 8) },
  { name: 'second.scale', ...vector(8, positive) },
  { name: 'second.shift', ...vector(8) },
  { name: 'grouped.weight', ...filter(3, 4, 8) },
  { name: 'head.weight', ...filter(1, 8, 4) },
  { name: 'head.bias', ...vector(4) },
];

type Normalize = (x: tf.Tensor4D, scale: tf.Tensor1D, shift: tf.Tensor1D, index: number) => tf.Tensor4D;

/** Logits `[N, H − 2, W − 2, 4]` of images `[N, H, W, 3]`, H and W even. */
function smallNetwork(x: tf.Tensor4D, weights: Tensors, normalize: Normalize): tf.Tensor4D {
  const [first, scale1, shift1, second, scale2, shift2, grouped, head, bias] = weights;
  const stem = tf.conv2d(x, asImage(first), 1, 'same');
  const encoded = tf.relu(normalize(stem, asVector(scale1), asVector(shift1), 0));
  const strided = tf.conv2d(encoded, asImage(second), 2, 'same');
  const halved = tf.relu(normalize(strided, asVector(scale2), asVector(shift2), 1));
  const enlarged = tf.add(upsampleBilinear2x(halved), encoded) as tf.Tensor4D;
  const decoded = groupedConv2d(enlarged, asImage(grouped), { groups: 2 });
  const [height, width] = decoded.shape.slice(1) as [number, number];
  const joined = tf.add(decoded, cropCenter2d(encoded, height, width)) as tf.Tensor4D;
  return tf.add(tf.conv2d(tf.relu(joined), asImage(head), 1, 'valid'), bias!) as tf.Tensor4D;
}

/** The network over `batch` images, with running statistics as inputs beside its weights. */
export const createForwardCase = (batch: number): ProgramCase =>
  define(
    'small network, forward',
    [
      ...networkWeights,
      { name: 'first.mean', ...vector(8) },
      { name: 'first.variance', ...vector(8, positive) },
      { name: 'second.mean', ...vector(8) },
      { name: 'second.variance', ...vector(8, positive) },
      { name: 'image', ...image(3, undefined, batch) },
    ],
    (...tensors) => {
      const statistics = tensors.slice(networkWeights.length, -1);
      const normalize: Normalize = (y, scale, shift, index) =>
        tf.batchNorm(y, asVector(statistics[2 * index]), asVector(statistics[2 * index + 1]), shift, scale, 1e-5);
      return { logits: smallNetwork(asImage(tensors.at(-1)), tensors, normalize) };
    },
  );

export const forwardCase = createForwardCase(2);

/** Cross-entropy and a loss of derivatives, and the gradients of `lossScale` times their sum. */
export const trainStepCase = define(
  'small network, train step',
  [
    { name: 'image', ...image(3) },
    { name: 'target', ...input([2, 6, 4, 4], { layout: NCHW, range: [0, 1] }) },
    { name: 'lossScale', ...input([], { range: [1, 1] }) },
    ...networkWeights,
  ],
  (x, target, lossScale, ...weights) => {
    const normalize: Normalize = (y, scale, shift) => batchNormTraining(y, scale, shift).y;
    const losses: tf.Tensor[] = [];
    const scaledLoss = (...values: tf.Tensor[]): tf.Scalar => {
      const logits = smallNetwork(asImage(x), values, normalize);
      const classes = tf.neg(tf.mean(tf.sum(tf.mul(target!, tf.logSoftmax(logits)), -1)));
      const plane = (of: tf.Tensor) => tf.slice(asImage(of), [0, 0, 0, 0], [2, 6, 4, 1]) as tf.Tensor4D;
      const slope = (of: tf.Tensor) => filterDerivative(plane(of), { axis: 'y', kernelSize: 3 });
      const loss = tf.add(classes, tf.mean(tf.squaredDifference(slope(logits), slope(target!))));
      losses.push(tf.keep(loss));
      return tf.mul(loss, lossScale!);
    };
    const { grads } = tf.valueAndGrads(scaledLoss)([...weights]);
    const named = grads.map((gradient, i) => [`gradient/${networkWeights[i]!.name}`, gradient] as const);
    const loss = tf.clone(losses[0]!);
    losses[0]!.dispose();
    return { loss, ...Object.fromEntries(named) };
  },
);

/** One program of each family, then the networks. */
export const programCases: readonly ProgramCase[] = [...families, forwardCase, trainStepCase];

/** Feeds with the dimensions of the arrays; `changed` replaces some. */
export function feedsOf(
  { program, feeds }: ProgramCase,
  changed: Readonly<Record<string, HostData>> = {},
): Readonly<Record<string, { readonly data: HostData; readonly dims: readonly number[] }>> {
  return Object.fromEntries(
    program.inputs.map(({ name, shape, layout }) => {
      return [name, { data: changed[name] ?? feeds[name]!, dims: toHostShape(shape, layout) }];
    }),
  );
}
