// Convolution in groups of channels (ResNeXt, Xie et al. 2017), as PyTorch's Conv2d with `groups`.
import { ArgumentError, ShapeError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { assertRank, describeShape } from './check-tensor.js';
import { GroupedConv2D, type ConvPadding, type GroupedConv2DAttrs } from './kernel-names.js';
import { runKernel } from './kernels/generic-kernel.js';
import './register.js';

export interface GroupedConv2DOptions {
  /** Number of groups; divides the input and the output channels. */
  readonly groups: number;
  /** Step along rows and columns. @default 1 */
  readonly strides?: number;
  /** Zeros around the image. @default 'valid' */
  readonly pad?: ConvPadding;
}

/**
 * Cross-correlates each group of input channels with its own filters. Output channels of group g follow those of g − 1.
 *
 * @param x `[N, H, W, C]` float32
 * @param filter `[kh, kw, C/groups, O]` float32
 * @returns `[N, H', W', O]` float32, H' and W' as `tf.conv2d`. Differentiable in `x` and `filter`.
 * @throws ShapeError if channels do not fit or the filter is larger than the padded image; ArgumentError for bad `groups`.
 */
export function groupedConv2d(x: tf.Tensor4D, filter: tf.Tensor4D, options: GroupedConv2DOptions): tf.Tensor4D {
  const { groups, strides = 1, pad = 'valid' } = options;
  assertRank('groupedConv2d: x', x, ['batch', 'height', 'width', 'channels']);
  assertRank('groupedConv2d: filter', filter, ['height', 'width', 'channels / groups', 'out channels']);
  assertGroups(x, filter, groups);
  assertOutputSize(x, filter, groups, strides, pad);
  const attrs: GroupedConv2DAttrs = { strides: [strides, strides], pad, groups };
  return runKernel<tf.Tensor4D>(GroupedConv2D, { x, filter }, attrs);
}

function assertGroups(x: tf.Tensor4D, filter: tf.Tensor4D, groups: number): void {
  const [channels, outChannels] = [x.shape[3], filter.shape[3]];
  if (!(Number.isInteger(groups) && groups >= 1)) {
    throw new ArgumentError(`groupedConv2d: expected groups to be a positive integer, got ${groups}`);
  }
  if (channels % groups !== 0) {
    throw new ShapeError('groupedConv2d: x', `channels divisible by ${groups} groups`, describeShape(x.shape));
  }
  if (filter.shape[2] !== channels / groups || outChannels % groups !== 0) {
    const expected = `[height, width, ${channels / groups}, a multiple of ${groups}]`;
    throw new ShapeError('groupedConv2d: filter', expected, describeShape(filter.shape));
  }
}

function assertOutputSize(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  groups: number,
  strides: number,
  pad: ConvPadding,
): void {
  const groupShape: [number, number, number, number] = [x.shape[0], x.shape[1], x.shape[2], x.shape[3] / groups];
  const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(groupShape, filter.shape, strides, 1, pad);
  if (outHeight < 1 || outWidth < 1) {
    const expected = `at least ${filter.shape[0]} × ${filter.shape[1]} pixels with its padding`;
    throw new ShapeError('groupedConv2d: x', expected, describeShape(x.shape));
  }
}
