// Grouped convolution and its two gradients as one stock convolution per group.
import * as tf from '@tensorflow/tfjs';
import {
  GroupedConv2D,
  GroupedConv2DBackpropFilter,
  GroupedConv2DBackpropInput,
  type GroupedConv2DAttrs,
  type GroupedConv2DBackpropFilterAttrs,
  type GroupedConv2DBackpropInputAttrs,
} from '../kernel-names.js';
import { createGenericKernel, runKernel, type GenericKernel } from './generic-kernel.js';

const channelAxis = 3;

/** Kernels GroupedConv2D, GroupedConv2DBackpropInput and GroupedConv2DBackpropFilter. */
export const groupedConv2dKernels: readonly GenericKernel[] = [
  createGenericKernel(GroupedConv2D, ({ x, filter }, attrs) => {
    const { strides, pad, groups } = attrs as unknown as GroupedConv2DAttrs;
    return joinGroups(groups, [x!, filter!], (xGroup, filterGroup) => tf.conv2d(xGroup, filterGroup, strides, pad));
  }),
  createGenericKernel(GroupedConv2DBackpropInput, ({ dy, filter }, attrs) => {
    const { strides, pad, groups, inputShape } = attrs as unknown as GroupedConv2DBackpropInputAttrs;
    const convAttrs = { strides, pad, dataFormat: 'NHWC', inputShape: divideChannels(inputShape, groups) };
    return joinGroups(groups, [dy!, filter!], (dyGroup, filterGroup) =>
      runKernel<tf.Tensor4D>(tf.Conv2DBackpropInput, { dy: dyGroup, filter: filterGroup }, convAttrs),
    );
  }),
  createGenericKernel(GroupedConv2DBackpropFilter, ({ x, dy }, attrs) => {
    const { strides, pad, groups, filterShape } = attrs as unknown as GroupedConv2DBackpropFilterAttrs;
    const convAttrs = { strides, pad, dataFormat: 'NHWC', filterShape: divideChannels(filterShape, groups) };
    return joinGroups(groups, [x!, dy!], (xGroup, dyGroup) =>
      runKernel<tf.Tensor4D>(tf.Conv2DBackpropFilter, { x: xGroup, dy: dyGroup }, convAttrs),
    );
  }),
];

/** Gradients of GroupedConv2D with respect to `x` and `filter`. */
export const groupedConv2dGradient: tf.GradConfig = {
  kernelName: GroupedConv2D,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attrs) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const upstream = dy as tf.Tensor4D;
    return {
      x: () => runKernel(GroupedConv2DBackpropInput, { dy: upstream, filter }, { ...attrs, inputShape: x.shape }),
      filter: () =>
        runKernel(GroupedConv2DBackpropFilter, { x, dy: upstream }, { ...attrs, filterShape: filter.shape }),
    };
  },
};

function joinGroups(
  groups: number,
  [first, second]: [tf.Tensor, tf.Tensor],
  convolve: (first: tf.Tensor4D, second: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor {
  const firstParts = tf.split<tf.Tensor4D>(first, groups, channelAxis);
  const secondParts = tf.split<tf.Tensor4D>(second, groups, channelAxis);
  const results = firstParts.map((part, group) => convolve(part, secondParts[group]!));
  return tf.concat(results, channelAxis);
}

function divideChannels(shape: readonly number[], groups: number): number[] {
  return [...shape.slice(0, channelAxis), shape[channelAxis]! / groups];
}
