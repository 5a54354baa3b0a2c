import { batchNormTraining, groupedConv2d, NCHW, upsampleBilinear2x, type Program } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { runModelNatively, type ModelArrays } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/graph.js';
import { toOnnx, traceProgram } from '../../src/index.js';
import { makeBatchDynamic } from '../../src/dynamic-batch/make-batch-dynamic.js';
import { createForwardCase, feedsOf } from '../validity/programs.js';

type ImageFunction = (images: tf.Tensor4D, batch: number) => tf.Tensor;

const weights = tf.tidy(() => Float32Array.from(tf.sin(tf.range(0, 3 * 3 * 4 * 4)).dataSync()));
const filter = () => tf.tensor4d(weights, [3, 3, 4, 4]);
const dims = [4, 6, 6];
const size = 4 * 6 * 6;

/** `fn` over `batch` images `[batch, 6, 6, 4]`, NCHW on the host. */
function createProgram(fn: ImageFunction, batch: number): Program {
  return {
    name: 'images',
    inputs: [{ name: 'image', shape: [batch, 6, 6, 4], dtype: 'float32', layout: NCHW }],
    run: ({ image }) => ({ y: fn(image as tf.Tensor4D, batch) }),
  };
}

const images = (batch: number): Float32Array => Float32Array.from({ length: batch * size }, (_, i) => Math.sin(i * i));

async function run(model: Uint8Array, data: Float32Array): Promise<number[]> {
  const feeds: ModelArrays = { image: { data, dims: [data.length / size, ...dims] } };
  return Array.from((await runModelNatively(model, feeds))['y']!.data);
}

/** Each image by itself through a model of one image. */
async function runEach(fn: ImageFunction, data: Float32Array): Promise<number[]> {
  const model = toOnnx(traceProgram(createProgram(fn, 1)).graph);
  const results: number[] = [];
  for (let from = 0; from < data.length; from += size)
    results.push(...(await run(model, data.slice(from, from + size))));
  return results;
}

const apart: Record<string, ImageFunction> = {
  'a convolution': (x) => tf.conv2d(x, filter(), 1, 'same'),
  'a grouped convolution with stride 2': (x) =>
    groupedConv2d(x, filter().slice([0, 0, 0, 0], [3, 3, 2, 4]) as tf.Tensor4D, { groups: 2, strides: 2, pad: 'same' }),
  'pooling and enlargement': (x) => tf.image.resizeNearestNeighbor(tf.maxPool(x, 2, 2, 'valid'), [6, 6]),
  'matrix products with constants': (x) => upsampleBilinear2x(x),
  'matrix products within an image': (x) => tf.matMul(x, x, false, true),
  'batch-norm with given statistics': (x) =>
    tf.batchNorm(x, [0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4], [0, 1, 0, 1], [1, 2, 1, 2]),
  'sums over pixels': (x) => tf.sum(x, [1, 2]),
  'means over channels, kept': (x) => tf.mean(x, -1, true),
  'softmax and arg-max': (x) => tf.add(tf.softmax(x), tf.expandDims(tf.cast(tf.argMax(x, -1), 'float32'), -1)),
  'parts and joins': (x) =>
    tf.concat([tf.slice(x, [0, 1, 0, 0], [-1, 4, 6, 4]), tf.reverse(x, 1).slice([0, 2, 0, 0])], 1),
  'padding and tiling': (x) =>
    tf.tile(
      tf.pad(x, [
        [0, 0],
        [1, 0],
        [0, 2],
        [0, 0],
      ]),
      [1, 1, 2, 1],
    ),
  'constants that are broadcast': (x) => tf.mul(tf.add(x, tf.range(0, 4)), tf.reshape(tf.range(0, 36), [6, 6, 1])),
  'values of one image that are broadcast': (x) => tf.sub(x, tf.mean(x, [1, 2, 3], true)),
  'rows of all images side by side': (x, batch) =>
    tf.reshape(tf.matMul(tf.reshape(x, [batch * 36, 4]), tf.reshape(tf.range(0, 12), [4, 3])), [batch, 6, 6, 3]),
  'flat images': (x, batch) => tf.reshape(x, [batch, -1]),
  'axes of length 1 that come and go': (x) => tf.squeeze(tf.expandDims(tf.sum(x, 2, true), 4), [2]),
  'channels in front, and back': (x) => tf.transpose(tf.relu(tf.transpose(x, [3, 0, 1, 2])), [1, 2, 3, 0]),
  'a choice of channels': (x) => tf.gather(x, tf.tensor1d([3, 0], 'int32'), 3),
  'a comparison': (x) => tf.where(tf.greater(x, 0.1), x, tf.zerosLike(x)),
};

describe('a dynamic batch', () => {
  // Of one image, rows may be recorded as columns of the other order, which more images do not have.
  const batches = (name: string) => (name === 'rows of all images side by side' ? [2] : [1, 2]);

  it.each(Object.entries(apart).flatMap(([name, fn]) => batches(name).map((batch) => ({ name, fn, batch }))))(
    'traced at $batch: three images at once are as one by one: $name',
    async ({ fn, batch }) => {
      const model = toOnnx(traceProgram(createProgram(fn, batch)).graph, { dynamicBatch: true });
      for (const count of [1, 3]) {
        const [together, each] = [await run(model, images(count)), await runEach(fn, images(count))];
        expect(together).toHaveLength(each.length);
        // Products of other shapes may be added in another order.
        together.forEach((value, i) =>
          expect(Math.abs(value - each[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value))),
        );
      }
    },
  );

  it.each([1, 2])('of a network traced at %i', async (batch) => {
    const { program, feeds } = createForwardCase(batch);
    const state = new Map(Object.entries(feeds).filter(([name]) => name !== 'image'));
    const model = toOnnx(traceProgram(program).graph, { weights: state, dynamicBatch: ['image'] });
    const three = feedsOf(createForwardCase(3))['image']!;
    const one = three.data.length / 3;
    const together = await runModelNatively(model, { image: three });
    const single = toOnnx(traceProgram(createForwardCase(1).program).graph, { weights: state });
    for (let index = 0; index < 3; index++) {
      const image = { data: three.data.slice(index * one, (index + 1) * one), dims: [1, ...three.dims.slice(1)] };
      const [alone, again] = [await runModelNatively(single, { image }), await runModelNatively(model, { image })];
      const expected = alone['logits']!;
      expect(together['logits']!.dims).toEqual([3, ...expected.dims.slice(1)]);
      const part = together['logits']!.data.slice(index * expected.data.length, (index + 1) * expected.data.length);
      expected.data.forEach((value, i) => {
        expect(Math.abs(part[i]! - value)).toBeLessThan(1e-5);
        expect(Math.abs(again['logits']!.data[i]! - value)).toBeLessThan(1e-5);
      });
    }
  });

  it('is called batch, and shapes within the model do not hold it', () => {
    const builder = new GraphBuilder();
    const reshape = (name: string, shape: number[]) => builder.emit('Reshape', [name, builder.integers(shape)]);
    const rows = reshape(builder.input('x', 'float32', [2, 6, 4]), [12, 4]);
    const images = reshape(reshape(builder.emit('Relu', [rows]), [2, 3, 8]), [2, 24]);
    builder.output('y', images, 'float32', [2, 24]);
    const dynamic = makeBatchDynamic(builder.finish(), true);
    expect(dynamic.inputs).toEqual([{ name: 'x', type: 'float32', dims: [2, 6, 4], symbols: { 0: 'batch' } }]);
    expect(dynamic.outputs).toEqual([{ name: 'y', type: 'float32', dims: [2, 24], symbols: { 0: 'batch' } }]);
    const shapes = dynamic.nodes.flatMap(({ op, inputs }) => (op === 'Reshape' ? [inputs[1]] : []));
    const integers = new Map(dynamic.constants.map(({ name, data }) => [name, Array.from(data, Number)]));
    expect(shapes.map((name) => integers.get(name!))).toEqual([
      [-1, 4],
      [-1, 3, 8],
      [0, 24],
    ]);
  });

  it('replaces the batch in shapes that values are expanded to', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', 'float32', [2, 1, 3]);
    builder.output('y', builder.emit('Expand', [x, builder.integers([2, 5, 3])]), 'float32', [2, 5, 3]);
    const dynamic = makeBatchDynamic(builder.finish(), true);
    expect([...dynamic.constants.at(-1)!.data].map(Number)).toEqual([1, 5, 3]);
  });
});

const together: [what: string, fn: ImageFunction, problem: RegExp][] = [
  ['a mean over the batch', (x) => tf.mean(x, 0, true), /ReduceMean_\d+ \(ReduceMean\), which reduces the batch/],
  ['the order of the batch', (x) => tf.reverse(x, 0), /\(Slice\), which takes a part of the batch/],
  ['a join along the batch', (x) => tf.concat([x, x], 0), /\(Concat\), which joins values along the batch/],
  [
    'a join with a constant',
    (x, n) => tf.concat([x, tf.ones([n, 6, 6, 1])], 3),
    /joins a value of fixed size to the batch/,
  ],
  ['copies of the batch', (x) => tf.tile(x, [2, 1, 1, 1]), /\(Tile\), which repeats the batch/],
  [
    'empty images',
    (x) =>
      tf.pad(x, [
        [0, 1],
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    /\(Pad\), which pads the batch/,
  ],
  [
    'products over the batch',
    (x) => tf.matMul(tf.transpose(x, [1, 2, 3, 0]), tf.transpose(x, [1, 2, 0, 3])),
    /adds up products over the batch/,
  ],
  [
    'each image with each',
    (x, n) => tf.mul(tf.reshape(x, [n, 1, size]), tf.reshape(x, [1, n, size])),
    /combines different images|along axis 1/,
  ],
  [
    'a softmax over the batch',
    (x) => tf.transpose(tf.softmax(tf.transpose(x, [3, 1, 2, 0])), [3, 1, 2, 0]),
    /normalises along the batch/,
  ],
  [
    'statistics of the batch',
    (x) => batchNormTraining(x, tf.tensor1d([1, 1, 1, 1]), tf.tensor1d([0, 0, 0, 0])).y,
    /reduces the batch/,
  ],
  [
    'an axis before the batch',
    (x, n) => tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [6 * n, 24]),
    /joins the batch to an axis before it/,
  ],
  ['the batch along another axis', (x) => tf.relu(tf.transpose(x, [1, 0, 2, 3])), /got the batch along axis 1/],
  ['several rows of each image', (x, n) => tf.reshape(x, [n * 6, 24]), /got 6 of each along it/],
];

describe('what does not keep images apart is refused, with the output, the node and the reason', () => {
  it.each(together)('%s', (_what, fn, problem) => {
    const { graph } = traceProgram(createProgram(fn, 2));
    const refusal = () => makeBatchDynamic(graph, true);
    expect(refusal).toThrow(/^toOnnx: dynamicBatch: output y: expected one item for each of the batch/);
    expect(refusal).toThrow(problem);
  });

  it('a constant that holds the batch', () => {
    const fn: ImageFunction = (x, batch) => tf.mul(x, tf.reshape(tf.range(0, batch), [batch, 1, 1, 1]));
    const { graph } = traceProgram(createProgram(fn, 2));
    expect(() => makeBatchDynamic(graph, true)).toThrow(
      /\(Mul\), which has an operand of fixed length 2 along the batch/,
    );
  });

  it('an output that does not depend on the batch', () => {
    const { graph } = traceProgram(createProgram((_x, batch) => tf.range(0, batch), 1));
    expect(() => makeBatchDynamic(graph, true)).toThrow(/output y: .* got a value that does not depend on the batch/);
  });

  it('an operator that is not known', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', 'float32', [1, 3]);
    builder.output('y', builder.emit('Own', [x], {}, 'org.example'), 'float32', [1, 3]);
    expect(() => makeBatchDynamic(builder.finish(), true)).toThrow(/got y \(Own\), which is not known to keep/);
  });

  it('names that are no inputs, and inputs of other lengths', () => {
    const builder = new GraphBuilder();
    for (const [name, dims] of [
      ['x', [2, 3]],
      ['mask', [1, 3]],
      ['step', []],
    ] as const)
      builder.input(name, 'float32', dims);
    builder.output('y', builder.emit('Relu', ['x']), 'float32', [2, 3]);
    const graph = builder.finish();
    expect(() => makeBatchDynamic(graph, ['z'])).toThrow('expected names among the inputs x, mask, step, got z');
    expect(() => makeBatchDynamic(graph, ['x', 'mask'])).toThrow('input mask: expected 2 items as x has, got [1, 3]');
    expect(() => makeBatchDynamic(graph, ['step'])).toThrow('input step: expected a leading axis, got []');
  });
});
