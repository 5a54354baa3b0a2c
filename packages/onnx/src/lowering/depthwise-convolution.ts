// Depthwise convolutions as grouped ones, one group for each input channel.
import { GroupedConv2D, GroupedConv2DBackpropFilter, GroupedConv2DBackpropInput } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import type { Value } from '../value.js';
import { finishFused } from './activation.js';
import { forBothDataFormats } from './channels-first.js';
import { composite, runKernel, type Composition } from './composite.js';
import type { Lowering, LoweringTable } from './types.js';

/** A filter [height, width, channels, multiplier] as that of a grouped convolution. */
function groupFilter(filter: tf.Tensor): tf.Tensor {
  return tf.reshape(filter, groupShape(filter.shape));
}

function groupShape([height, width, channels, multiplier]: readonly number[]): number[] {
  return [height!, width!, 1, channels! * multiplier!];
}

const convolution: Composition = ({ x, filter }, attributes) =>
  runKernel<tf.Tensor>(GroupedConv2D, { x: x!, filter: groupFilter(filter!) }, { ...attributes, groups: x!.shape[3] });

const inputGradient: Composition = ({ dy, filter }, attributes) =>
  runKernel<tf.Tensor>(
    GroupedConv2DBackpropInput,
    { dy: dy!, filter: groupFilter(filter!) },
    { ...attributes, groups: filter!.shape[2] },
  );

const filterGradient: Composition = ({ x, dy }, attributes) => {
  const filterShape = attributes['filterShape'] as number[];
  const grouped = runKernel<tf.Tensor>(
    GroupedConv2DBackpropFilter,
    { x: x!, dy: dy! },
    { ...attributes, filterShape: groupShape(filterShape), groups: filterShape[2] },
  );
  return tf.reshape(grouped, filterShape);
};

const depthwise = composite(convolution);

const fusedDepthwise: Lowering = (recorder, inputs, attributes) => {
  const { x, filter } = inputs;
  const sum = depthwise(recorder, { x: x!, filter: filter! }, attributes) as Value;
  return finishFused(recorder, sum, inputs, attributes);
};

export const depthwiseConvolutionLowerings: LoweringTable = {
  DepthwiseConv2dNative: forBothDataFormats(depthwise),
  DepthwiseConv2dNativeBackpropInput: forBothDataFormats(composite(inputGradient)),
  DepthwiseConv2dNativeBackpropFilter: forBothDataFormats(composite(filterGradient), { outputsFilter: true }),
  FusedDepthwiseConv2D: forBothDataFormats(fusedDepthwise),
};
