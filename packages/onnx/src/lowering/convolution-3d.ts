// Convolution of volumes and its gradients.
import * as tf from '@tensorflow/tfjs';
import { sizeOf, type Layout } from '../layout.js';
import { nodeValue, type Value } from '../value.js';
import { cast } from './elementwise.js';
import { composite, type Composition } from './composite.js';
import { channelsFirst } from './pooling.js';
import type { KernelAttributes, Lowering, LoweringTable } from './types.js';
import { cutToInput, endOf, fitToWindows, isCut, readTaps, readVolumes, type WindowGeometry } from './window.js';

/** Filters [depth, height, width, in, out] with the output channels first. */
const OIDHW: Layout = [4, 3, 0, 1, 2];

type Shape5D = [number, number, number, number, number];

function readGeometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: KernelAttributes,
): WindowGeometry {
  const {
    strides,
    pad,
    dilations = 1,
  } = attributes as { strides: [number, number, number]; pad: 'same'; dilations?: 1 };
  const shapes = [[...inputShape], [...filterShape]] as [Shape5D, Shape5D];
  return readVolumes(tf.backend_util.computeConv3DInfo(...shapes, strides, dilations, pad));
}

const convolve: Lowering = (recorder, { x, filter }, attributes) => {
  const geometry = readGeometry(x!.shape, filter!.shape, attributes);
  const { begin, kernel, strides, dilations } = geometry;
  const cut = isCut(geometry);
  const fit = composite((inputs) => fitToWindows(inputs['x']!, geometry));
  const input = cast(recorder, cut ? (fit(recorder, { x: x! }, {}) as Value) : x!, 'float32');
  const pads = [...begin, ...endOf(geometry)].map((amount) => (cut ? 0 : Math.max(0, amount)));
  const weights = cast(recorder, filter!, 'float32');
  const name = recorder.graph.emit(
    'Conv',
    [recorder.operand(input, channelsFirst(5)), recorder.operand(weights, OIDHW)],
    { kernel_shape: kernel, strides, dilations, pads },
  );
  const shape = [x!.shape[0]!, ...geometry.outputSize, filter!.shape[4]!];
  return cast(recorder, nodeValue(name, shape, 'float32', channelsFirst(5)), x!.type);
};

/** A transposed convolution over what the windows cover, of which the input is a part. */
const backpropInput: Lowering = (recorder, { dy, filter }, attributes) => {
  const inputShape = attributes['inputShape'] as number[];
  const geometry = readGeometry(inputShape, filter!.shape, attributes);
  const { inputSize, begin, kernel, strides, dilations } = geometry;
  const name = recorder.graph.emit(
    'ConvTranspose',
    [recorder.operand(dy!, channelsFirst(5)), recorder.operand(filter!, OIDHW)],
    { kernel_shape: kernel, strides, dilations },
  );
  const end = endOf(geometry);
  const size = inputSize.map((length, axis) => length + begin[axis]! + end[axis]!);
  const covered = nodeValue(name, [inputShape[0]!, ...size, inputShape[4]!], 'float32', channelsFirst(5));
  return composite((inputs) => cutToInput(inputs['covered']!, geometry))(recorder, { covered }, {});
};

/** For each tap of the filter one product over all windows. */
const backpropFilter: Composition = ({ x, dy }, attributes) => {
  const filterShape = attributes['filterShape'] as Shape5D;
  const geometry = readGeometry(x!.shape, filterShape, attributes);
  const windows = x!.shape[0]! * sizeOf(geometry.outputSize);
  const upstream = tf.reshape(dy!, [windows, filterShape[4]]);
  const products = readTaps(x!, geometry).map((tap) =>
    tf.matMul(tf.reshape(tap, [windows, filterShape[3]]), upstream, true),
  );
  return tf.reshape(tf.stack(products), filterShape);
};

export const convolution3dLowerings: LoweringTable = {
  Conv3D: convolve,
  Conv3DBackpropInputV2: backpropInput,
  Conv3DBackpropFilterV2: composite(backpropFilter),
};
