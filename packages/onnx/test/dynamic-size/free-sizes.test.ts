import { NCHW, upsampleBilinear2x, type Program } from '@hovernet/ops';
import { runModelNatively } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { readModelHeader } from '../../src/model/read-model-header.js';
import { toOnnx, traceProgram } from '../../src/index.js';

type ImageFunction = (image: tf.Tensor4D) => tf.Tensor4D;

const filter = tf.tidy(() => Float32Array.from(tf.sin(tf.range(0, 3 * 3 * 2 * 2)).dataSync()));
const convolve: ImageFunction = (x) => tf.conv2d(x, tf.tensor4d(filter, [3, 3, 2, 2]), 1, 'same');
const enlarge: ImageFunction = (x) => tf.image.resizeNearestNeighbor(x, [x.shape[1] * 2, x.shape[2] * 2]);

function trace(fn: ImageFunction, height: number, width: number) {
  const program: Program = {
    name: 'image',
    inputs: [{ name: 'x', shape: [1, height, width, 2], dtype: 'float32', layout: NCHW }],
    run: ({ x }) => ({ y: fn(x as tf.Tensor4D) }),
    outputLayout: () => NCHW,
  };
  return traceProgram(program).graph;
}

function toFreeModel(fn: ImageFunction, dynamicBatch = false): Uint8Array {
  return toOnnx(trace(fn, 8, 8), { dynamicSize: trace(fn, 12, 20), dynamicBatch });
}

describe('a dynamic size', () => {
  const fn: ImageFunction = (x) => enlarge(tf.concat([convolve(tf.relu(x)), x], 3));

  it('gives what a model of that very size gives', async () => {
    const model = toFreeModel(fn, true);
    for (const [height, width] of [
      [8, 8],
      [6, 14],
      [1, 1],
    ] as const) {
      const x = {
        data: Float32Array.from({ length: 2 * height * width }, (_, i) => Math.sin(i)),
        dims: [1, 2, height, width],
      };
      const free = await runModelNatively(model, { x });
      const fixed = await runModelNatively(toOnnx(trace(fn, height, width)), { x });
      expect(free['y']!.dims).toEqual([1, 4, 2 * height, 2 * width]);
      expect(free['y']).toEqual(fixed['y']);
    }
  });

  it('names the free axes', () => {
    const { inputs, outputs } = readModelHeader(toFreeModel(fn, true));
    expect(inputs[0]!.shape).toEqual(['batch', 2, 'input_height', 'input_width']);
    expect(outputs[0]!.shape).toEqual(['batch', 4, 'output_height', 'output_width']);
  });

  it.each<[string, ImageFunction, RegExp]>([
    ['a slice', (x) => tf.slice(x, [0, 1, 1, 0], [-1, x.shape[1] - 2, x.shape[2] - 2, -1]), /size is in the constant /],
    ['a matrix', (x) => upsampleBilinear2x(x), /size is in (the constant|node) /],
    ['the nodes', (x) => (x.shape[1] > 8 ? convolve(x) : tf.relu(x)), /size is in node y \(Relu\)/],
  ])('refuses a graph with the size in %s', (_, holding, message) => {
    expect(() => toFreeModel(holding)).toThrow(message);
  });
});
