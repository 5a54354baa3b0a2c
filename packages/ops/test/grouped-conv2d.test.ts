import { ArgumentError, ShapeError } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { groupedConv2d, type GroupedConv2DOptions } from '../src/index.js';
import { gradientBound, gradientError, noiseTensor } from './gradient-check.js';
import { spyOnKernel } from './spy-on-kernel.js';

const x = noiseTensor<tf.Rank.R4>([2, 6, 5, 8], 1);
const options: [string, GroupedConv2DOptions][] = [
  ['valid', { groups: 4 }],
  ['same, stride 2', { groups: 2, strides: 2, pad: 'same' }],
  ['explicit padding, stride 2', { groups: 2, strides: 2, pad: pads(2, 0, 1, 2) }],
  ['one group', { groups: 1, pad: 'same' }],
  ['as many groups as channels', { groups: 8 }],
];

describe('groupedConv2d', () => {
  it('keeps the groups apart and their outputs in order', () => {
    const pixel = tf.tensor4d([1, 2, 3, 4], [1, 1, 1, 4]);
    const filter = tf.tensor4d([1, 10, 100, 1000, 2, 20, 200, 2000], [1, 1, 2, 4]);
    const y = groupedConv2d(pixel, filter, { groups: 2 });
    expect([...y.dataSync()]).toEqual([1 + 2 * 2, 10 + 2 * 20, 300 + 4 * 200, 3000 + 4 * 2000]);
  });

  it.each(options)('equals the sum over taps and channels of each group (%s)', (_, given) => {
    const filter = filterFor(given);
    const y = groupedConv2d(x, filter, given);
    expect(maxDifference(y.dataSync(), convolveNaively(x, filter, given)).value).toBeLessThan(2e-6);
  });

  it.each(options)('has the gradients of central differences (%s)', (_, given) => {
    const convolve = (image: tf.Tensor, filter: tf.Tensor) =>
      groupedConv2d(image as tf.Tensor4D, filter as tf.Tensor4D, given);
    const image = noiseTensor<tf.Rank.R4>([2, 4, 4, 8], 1);
    const filter = noiseTensor<tf.Rank.R4>([3, 3, 8 / given.groups, 8], 2);
    expect(gradientError(convolve, [image, filter], { linear: true })).toBeLessThan(gradientBound);
  });

  it('runs one kernel forward and one for each gradient, with all that an engine must know', () => {
    const given: GroupedConv2DOptions = { groups: 2, strides: 2, pad: pads(2, 0, 1, 2) };
    const filter = filterFor(given);
    const attrs = { strides: [2, 2], pad: given.pad, groups: 2 };
    const differentiate = () =>
      tf.grads((image, weights) => groupedConv2d(image as tf.Tensor4D, weights as tf.Tensor4D, given))([x, filter]);
    expect(spyOnKernel('GroupedConv2D', differentiate)).toEqual([{ inputs: ['x', 'filter'], attrs }]);
    expect(spyOnKernel('GroupedConv2DBackpropInput', differentiate)).toEqual([
      { inputs: ['dy', 'filter'], attrs: { ...attrs, inputShape: x.shape } },
    ]);
    expect(spyOnKernel('GroupedConv2DBackpropFilter', differentiate)).toEqual([
      { inputs: ['x', 'dy'], attrs: { ...attrs, filterShape: filter.shape } },
    ]);
  });

  it('leaves no tensors behind but its result', () => {
    const filter = filterFor({ groups: 4 });
    const before = tf.memory().numTensors;
    groupedConv2d(x, filter, { groups: 4 }).dispose();
    tf.dispose(tf.grads((a, b) => groupedConv2d(a as tf.Tensor4D, b as tf.Tensor4D, { groups: 4 }))([x, filter]));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the operand that does not fit', () => {
    const filter = noiseTensor<tf.Rank.R4>([3, 3, 2, 8], 2);
    const call = (image: tf.Tensor, weights: tf.Tensor, groups: number) => () =>
      groupedConv2d(image as tf.Tensor4D, weights as tf.Tensor4D, { groups });
    expect(call(tf.zeros([6, 5, 8]), filter, 4)).toThrow(
      'groupedConv2d: x: expected [batch, height, width, channels], got [6, 5, 8]',
    );
    expect(call(x, tf.zeros([3, 3, 8]), 4)).toThrow(ShapeError);
    expect(call(x, filter, 3)).toThrow('groupedConv2d: x: expected channels divisible by 3 groups, got [2, 6, 5, 8]');
    expect(call(x, filter, 2)).toThrow(
      'groupedConv2d: filter: expected [height, width, 4, a multiple of 2], got [3, 3, 2, 8]',
    );
    expect(call(x, tf.zeros([3, 3, 2, 6]), 4)).toThrow(ShapeError);
    expect(call(x, tf.zeros([7, 3, 2, 8]), 4)).toThrow(/expected at least 7 × 3 pixels with its padding/);
    for (const groups of [0, -1, 1.5, NaN]) expect(call(x, filter, groups)).toThrow(ArgumentError);
  });
});

function pads(top: number, bottom: number, left: number, right: number): GroupedConv2DOptions['pad'] {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

function filterFor({ groups }: GroupedConv2DOptions): tf.Tensor4D {
  return noiseTensor<tf.Rank.R4>([3, 3, 8 / groups, 16], 2);
}

/** Grouped convolution by its definition, in float64. */
function convolveNaively(image: tf.Tensor4D, filter: tf.Tensor4D, given: GroupedConv2DOptions): number[] {
  const { groups, strides = 1, pad = 'valid' } = given;
  const [batch, height, width, channels] = image.shape;
  const [kernelHeight, kernelWidth, perGroup, outChannels] = filter.shape;
  const info = tf.backend_util.computeConv2DInfo([batch, height, width, perGroup], filter.shape, strides, 1, pad);
  const [values, weights] = [image.dataSync(), filter.dataSync()];
  const result: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < info.outHeight; i++) {
      for (let j = 0; j < info.outWidth; j++) {
        for (let o = 0; o < outChannels; o++) {
          const firstChannel = Math.floor(o / (outChannels / groups)) * perGroup;
          let sum = 0;
          for (let u = 0; u < kernelHeight; u++) {
            for (let v = 0; v < kernelWidth; v++) {
              const [row, column] = [i * strides + u - info.padInfo.top, j * strides + v - info.padInfo.left];
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              for (let c = 0; c < perGroup; c++) {
                const value = values[((n * height + row) * width + column) * channels + firstChannel + c]!;
                sum += value * weights[((u * kernelWidth + v) * perGroup + c) * outChannels + o]!;
              }
            }
          }
          result.push(sum);
        }
      }
    }
  }
  return result;
}
