// Gradients of convolutions: with respect to the input (a convolution with flipped filters) and to the filter (products).
import { NCHW, OIHW, sizeOf } from '../layout.js';
import type { Recorder } from '../recorder.js';
import { nodeValue } from '../value.js';
import { isPointwise, readGeometry, type ConvolutionGeometry } from './convolution.js';
import type { Lowering, LoweringTable } from './types.js';

/** Below this many input channels one product over all taps beats one product per tap. */
const IM2COL_MAX_CHANNELS = 16;

const backpropInput: Lowering = (recorder, { dy, filter }, attributes) => {
  const inputShape = attributes['inputShape'] as number[];
  const geometry = readGeometry(inputShape, filter!.shape, attributes);
  const gradient = recorder.operand(dy!, NCHW);
  const weights = recorder.operand(filter!, OIHW);
  const name = geometry.strides.every((stride) => stride === 1)
    ? convolveFlipped(recorder, gradient, weights, geometry)
    : convolveTransposed(recorder, gradient, weights, geometry);
  return nodeValue(name, inputShape, 'float32', NCHW);
};

/** Stride 1: a convolution of dy with the filters' taps reversed and their input and output channels exchanged. */
function convolveFlipped(recorder: Recorder, gradient: string, weights: string, geometry: ConvolutionGeometry): string {
  const { graph } = recorder;
  const { kernel, groups, pads } = geometry;
  const taps = sizeOf(kernel);
  const inPerGroup = geometry.inputChannels / groups;
  const outPerGroup = geometry.outputChannels / groups;
  let flipped = weights;
  if (taps > 1) {
    // A product with the reversal matrix is exact and 4 to 8 times faster than Slice with step −1 or Gather.
    const reversal = new Float32Array(taps * taps);
    for (let tap = 0; tap < taps; tap++) reversal[tap * taps + taps - 1 - tap] = 1;
    const rows = recorder.reshape(weights, [geometry.outputChannels * inPerGroup, taps]);
    flipped = graph.emit('MatMul', [rows, graph.constant(reversal, [taps, taps], 'float32')]);
  }
  const grouped = recorder.reshape(flipped, [groups, outPerGroup, inPerGroup, taps]);
  const exchanged = graph.emit('Transpose', [grouped], { perm: [0, 2, 1, 3] });
  const filters = recorder.reshape(exchanged, [geometry.inputChannels, outPerGroup, ...kernel]);
  const [top, left, bottom, right] = pads;
  return graph.emit('Conv', [gradient, filters], {
    kernel_shape: kernel,
    pads: [kernel[0] - 1 - top, kernel[1] - 1 - left, kernel[0] - 1 - bottom, kernel[1] - 1 - right],
    group: groups,
  });
}

/** Larger strides: a transposed convolution. */
function convolveTransposed(
  recorder: Recorder,
  gradient: string,
  weights: string,
  geometry: ConvolutionGeometry,
): string {
  const [top, left, bottom, right] = geometry.pads;
  const span = [top + bottom, left + right];
  const outputPadding = [0, 1].map((axis) => {
    const covered = (geometry.outputSize[axis]! - 1) * geometry.strides[axis]! + geometry.kernel[axis]! - span[axis]!;
    return geometry.inputSize[axis]! - covered;
  });
  return recorder.graph.emit('ConvTranspose', [gradient, weights], {
    kernel_shape: geometry.kernel,
    strides: geometry.strides,
    pads: geometry.pads,
    output_padding: outputPadding,
    group: geometry.groups,
  });
}

const backpropFilter: Lowering = (recorder, { x, dy }, attributes) => {
  const filterShape = attributes['filterShape'] as number[];
  const geometry = readGeometry(x!.shape, filterShape, attributes);
  const taps = sliceTaps(recorder, recorder.operand(x!, NCHW), geometry);
  const gradient = recorder.operand(dy!, NCHW);
  const few = geometry.groups === 1 && geometry.inputChannels < IM2COL_MAX_CHANNELS;
  const name = few
    ? productOverAllTaps(recorder, taps, gradient, geometry)
    : productPerTap(recorder, taps, gradient, geometry);
  return nodeValue(name, filterShape, 'float32', OIHW);
};

/** For every tap, the input pixels that it meets, `[batch, channels, outHeight, outWidth]`. */
function sliceTaps(recorder: Recorder, input: string, geometry: ConvolutionGeometry): string[] {
  if (isPointwise(geometry)) return [input];
  const { graph } = recorder;
  const { kernel, strides, pads, outputSize } = geometry;
  const padded = pads.some((amount) => amount > 0)
    ? graph.emit('Pad', [input, graph.integers([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]])])
    : input;
  const taps: string[] = [];
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const ends = [row + (outputSize[0] - 1) * strides[0] + 1, column + (outputSize[1] - 1) * strides[1] + 1];
      const bounds = [[row, column], ends, [2, 3], strides].map((values) => graph.integers(values));
      taps.push(graph.emit('Slice', [padded, ...bounds]));
    }
  }
  return taps;
}

/** One product dy · tapᵀ per tap. */
function productPerTap(recorder: Recorder, taps: string[], gradient: string, geometry: ConvolutionGeometry): string {
  const { groups, kernel, inputChannels, outputChannels } = geometry;
  const inPerGroup = inputChannels / groups;
  const products = taps.map((tap) => {
    const product = multiplyOverPixels(recorder, gradient, { name: tap, channels: inputChannels }, geometry);
    return recorder.reshape(product, [outputChannels, inPerGroup, 1]);
  });
  const joined = products.length === 1 ? products[0]! : recorder.graph.emit('Concat', products, { axis: 2 });
  return recorder.reshape(joined, [outputChannels, inPerGroup, ...kernel]);
}

/** Few input channels: one product with all taps side by side. */
function productOverAllTaps(
  recorder: Recorder,
  taps: string[],
  gradient: string,
  geometry: ConvolutionGeometry,
): string {
  const { graph } = recorder;
  const { kernel, inputChannels, outputChannels } = geometry;
  const joined = taps.length === 1 ? taps[0]! : graph.emit('Concat', taps, { axis: 1 });
  const channels = taps.length * inputChannels;
  const product = multiplyOverPixels(recorder, gradient, { name: joined, channels }, geometry);
  const byTap = recorder.reshape(product, [outputChannels, taps.length, inputChannels]);
  const byChannel = graph.emit('Transpose', [byTap], { perm: [0, 2, 1] });
  return recorder.reshape(byChannel, [outputChannels, inputChannels, ...kernel]);
}

/** gradient · columnsᵀ over the pixels, within each group, summed over the batch. */
function multiplyOverPixels(
  recorder: Recorder,
  gradient: string,
  columns: { readonly name: string; readonly channels: number },
  { batch, groups, outputChannels, outputSize }: ConvolutionGeometry,
): string {
  const { graph } = recorder;
  const pixels = sizeOf(outputSize);
  const plain = batch === 1 && groups === 1;
  const matrix = (name: string, channels: number) =>
    recorder.reshape(name, plain ? [channels, pixels] : [batch, groups, channels / groups, pixels]);
  const left = matrix(gradient, outputChannels);
  const right = matrix(columns.name, columns.channels);
  if (plain) return graph.emit('Gemm', [left, right], { transB: 1 });
  const product = graph.emit('MatMul', [left, graph.emit('Transpose', [right], { perm: [0, 1, 3, 2] })]);
  return batch === 1 ? product : graph.emit('ReduceSum', [product, graph.integers([0])], { keepdims: 0 });
}

export const convolutionGradientLowerings: LoweringTable = {
  Conv2DBackpropInput: backpropInput,
  Conv2DBackpropFilter: backpropFilter,
  GroupedConv2DBackpropInput: backpropInput,
  GroupedConv2DBackpropFilter: backpropFilter,
};
