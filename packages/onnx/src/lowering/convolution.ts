// Convolutions, plain and grouped, and the geometry that they share with their gradients.
import { backend_util } from '@tensorflow/tfjs';
import { NCHW, OIHW, sameList } from '../layout.js';
import type { Recorder } from '../recorder.js';
import { nodeValue, type Value } from '../value.js';
import { finishFused } from './activation.js';
import { forBothDataFormats } from './channels-first.js';
import { cast } from './elementwise.js';
import type { KernelAttributes, KernelInputs, Lowering, LoweringTable } from './types.js';
import { endOf, isCut, readPlanes } from './window.js';

/** Geometry of a convolution: logical sizes, strides and the padding as ONNX requires. */
export interface ConvolutionGeometry {
  readonly batch: number;
  readonly inputSize: readonly [height: number, width: number];
  readonly outputSize: readonly [height: number, width: number];
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly dilations: readonly [height: number, width: number];
  /** top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  readonly groups: number;
}

/** Geometry of a kernel's attributes for an NHWC input and an HWIO filter (I counted per group). */
export function readGeometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: KernelAttributes,
): ConvolutionGeometry {
  const groups = (attributes['groups'] as number | undefined) ?? 1;
  const [kernelHeight, kernelWidth, perGroup, outputChannels] = filterShape as [number, number, number, number];
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    [kernelHeight, kernelWidth, perGroup * groups, outputChannels],
    attributes['strides'] as [number, number],
    (attributes['dilations'] as [number, number] | undefined) ?? 1,
    attributes['pad'] as 'same',
    attributes['dimRoundingMode'] as 'floor' | undefined,
    false,
    'channelsLast',
  );
  if (isCut(readPlanes(info))) {
    throw new Error(
      'expected kernels and strides of equal sides with a padding that is a number, because TensorFlow.js computes the width of the output from those of the height; give the padding of each side',
    );
  }
  // What a rounded output size leaves over at the end is no padding, and what it adds is.
  const [bottom, right] = endOf(readPlanes(info)).map((amount) => Math.max(0, amount)) as [number, number];
  return {
    batch: info.batchSize,
    inputSize: [info.inHeight, info.inWidth],
    outputSize: [info.outHeight, info.outWidth],
    inputChannels: info.inChannels,
    outputChannels,
    kernel: [kernelHeight, kernelWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [info.padInfo.top, info.padInfo.left, bottom, right],
    groups,
  };
}

/** Whether the convolution looks at one pixel at a time. */
export function isPointwise(geometry: ConvolutionGeometry): boolean {
  return sizeOne(geometry.kernel) && sizeOne(geometry.strides) && geometry.pads.every((amount) => amount === 0);
}

function sizeOne(pair: readonly [number, number]): boolean {
  return pair[0] === 1 && pair[1] === 1;
}

function convolve(recorder: Recorder, { x, filter }: KernelInputs, attributes: KernelAttributes): Value {
  const geometry = readGeometry(x!.shape, filter!.shape, attributes);
  const [input, weights] = [cast(recorder, x!, 'float32'), cast(recorder, filter!, 'float32')];
  const name = recorder.graph.emit('Conv', [recorder.operand(input, NCHW), recorder.operand(weights, OIHW)], {
    kernel_shape: geometry.kernel,
    strides: geometry.strides,
    dilations: geometry.dilations,
    pads: geometry.pads,
    group: geometry.groups,
  });
  const shape = [geometry.batch, ...geometry.outputSize, geometry.outputChannels];
  return cast(recorder, nodeValue(name, shape, 'float32', NCHW), x!.type);
}

/** A gradient's `lowering`, after a look at dy: gradients of TensorFlow.js lose the dimRoundingMode of the convolution. */
export function checkUpstreamSize(lowering: Lowering): Lowering {
  return (recorder, inputs, attributes) => {
    const inputShape = (attributes['inputShape'] as number[] | undefined) ?? inputs['x']!.shape;
    const filterShape = (attributes['filterShape'] as number[] | undefined) ?? inputs['filter']!.shape;
    const { outputSize } = readGeometry(inputShape, filterShape, attributes);
    const given = inputs['dy']!.shape.slice(1, 3);
    if (!sameList(given, outputSize)) {
      throw new Error(
        `expected dy of ${outputSize.join(' × ')} pixels, got ${given.join(' × ')}; TensorFlow.js has no gradient of convolutions whose size is rounded up`,
      );
    }
    return lowering(recorder, inputs, attributes);
  };
}

export const convolutionLowerings: LoweringTable = {
  Conv2D: forBothDataFormats(convolve),
  GroupedConv2D: convolve,
  FusedConv2D: forBothDataFormats((recorder, inputs, attributes) =>
    finishFused(recorder, convolve(recorder, inputs, attributes), inputs, attributes),
  ),
};
