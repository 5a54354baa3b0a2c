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
  // A convolution cannot take away what padding beyond the kernel adds.
  const padded = geometry.pads.every((amount, side) => amount < geometry.kernel[side % 2]!);
  const unit = padded && geometry.strides.every((stride) => stride === 1);
  const convolve =
    isPointwise(geometry) && geometry.batch === 1 && geometry.groups === 1 ? multiplyByFilter : convolveFlipped;
  const name = (unit ? convolve : convolveTransposed)(recorder, gradient, weights, geometry);
  return nodeValue(name, inputShape, 'float32', NCHW);
};

/** One image, one tap: filtersᵀ · dy. */
function multiplyByFilter(
  recorder: Recorder,
  gradient: string,
  weights: string,
  geometry: ConvolutionGeometry,
): string {
  const { inputChannels, outputChannels, inputSize } = geometry;
  const matrix = recorder.reshape(weights, [outputChannels, inputChannels]);
  const pixels = recorder.reshape(gradient, [outputChannels, sizeOf(inputSize)]);
  const product = recorder.graph.emit('Gemm', [matrix, pixels], { transA: 1 });
  return recorder.reshape(product, [1, inputChannels, ...inputSize]);
}

/** Stride 1: a convolution of dy with the filters' taps reversed and their input and output channels exchanged. */
function convolveFlipped(recorder: Recorder, gradient: string, weights: string, geometry: ConvolutionGeometry): string {
  const { kernel, groups, pads } = geometry;
  const [top, left, bottom, right] = pads;
  return recorder.graph.emit('Conv', [gradient, flipFilters(recorder, weights, geometry)], {
    kernel_shape: kernel,
    pads: [kernel[0] - 1 - top, kernel[1] - 1 - left, kernel[0] - 1 - bottom, kernel[1] - 1 - right],
    group: groups,
  });
}

/** Filters `[in, out / groups, height, width]` with their taps in reverse. */
function flipFilters(recorder: Recorder, weights: string, geometry: ConvolutionGeometry): string {
  const { graph } = recorder;
  const { kernel, groups, inputChannels, outputChannels } = geometry;
  const taps = sizeOf(kernel);
  const [inPerGroup, outPerGroup] = [inputChannels / groups, outputChannels / groups];
  const grouped = recorder.reshape(weights, [groups, outPerGroup, inPerGroup, taps]);
  const exchanged = graph.emit('Transpose', [grouped], { perm: [0, 2, 1, 3] });
  if (taps === 1) return recorder.reshape(exchanged, [inputChannels, outPerGroup, ...kernel]);
  // A product with the reversal matrix is exact and 4 to 8 times faster than Slice with step −1 or Gather.
  const reversal = new Float32Array(taps * taps);
  for (let tap = 0; tap < taps; tap++) reversal[tap * taps + taps - 1 - tap] = 1;
  const rows = recorder.reshape(exchanged, [inputChannels * outPerGroup, taps]);
  const flipped = graph.emit('MatMul', [rows, graph.constant(reversal, [taps, taps], 'float32')]);
  return recorder.reshape(flipped, [inputChannels, outPerGroup, ...kernel]);
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
  const input = recorder.operand(x!, NCHW);
  const gradient = recorder.operand(dy!, NCHW);
  const few = geometry.groups === 1 && geometry.inputChannels < IM2COL_MAX_CHANNELS;
  // A convolution cannot take away what padding beyond the kernel adds.
  const padded = geometry.pads.every((amount, side) => amount < geometry.kernel[side % 2]!);
  const unit = padded && geometry.strides.every((stride) => stride === 1);
  const product = isPointwise(geometry) ? productOfPixels : unit && !few ? productOfShifts : productOverTaps;
  const name = product(recorder, input, gradient, geometry);
  return nodeValue(name, filterShape, 'float32', OIHW);
};

/** One tap at stride 1. */
function productOfPixels(recorder: Recorder, input: string, gradient: string, geometry: ConvolutionGeometry): string {
  const { outputChannels, inputChannels, groups, outputSize } = geometry;
  const product = multiplyOverPixels(recorder, { gradient, columns: input, pixels: sizeOf(outputSize) }, geometry);
  return recorder.reshape(product, [outputChannels, inputChannels / groups, 1, 1]);
}

/** The input with the convolution's padding written out. */
function padInput(recorder: Recorder, input: string, { pads }: ConvolutionGeometry): string {
  if (pads.every((amount) => amount === 0)) return input;
  const { graph } = recorder;
  return graph.emit('Pad', [input, graph.integers([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]])]);
}

/**
 * Stride 1: with rows of the padded input laid end to end, every tap is a shift along one axis. dy, its rows made as long
 * with zeros, is repeated once a tap, each time shifted further, and one product with the input, which is not copied, gives
 * all taps. The repetition is one Concat of dy and zeros, reshaped so that each tap becomes a row.
 */
function productOfShifts(recorder: Recorder, input: string, gradient: string, geometry: ConvolutionGeometry): string {
  const { graph } = recorder;
  const { batch, kernel, pads, inputSize, outputSize, outputChannels, inputChannels, groups } = geometry;
  const rowLength = inputSize[1] + pads[1] + pads[3];
  const pixels = (inputSize[0] + pads[0] + pads[2]) * rowLength;
  const zeros = (count: number, length: number) => graph.zeros([batch, outputChannels, count, length]);
  const missing = rowLength - outputSize[1];
  const rows = missing > 0 ? graph.emit('Concat', [gradient, zeros(outputSize[0], missing)], { axis: 3 }) : gradient;
  const covered = outputSize[0] * rowLength;
  const line = recorder.reshape(rows, [batch, outputChannels, 1, covered]);
  // What reaches beyond the last pixel are the zeros at the end of the line.
  const shorten = (name: string, to: number) =>
    graph.emit('Slice', [name, graph.integers([0]), graph.integers([to]), graph.integers([3])]);
  const taps = sizeOf(kernel);
  const parts: string[] = [];
  let length = 0;
  for (let tap = 0; tap < taps; tap++) {
    const start = tap * pixels + Math.floor(tap / kernel[1]) * rowLength + (tap % kernel[1]);
    if (start > length) parts.push(zeros(1, start - length));
    length = start + covered;
    parts.push(length <= taps * pixels ? line : shorten(line, covered - (length - taps * pixels)));
  }
  if (length < taps * pixels) parts.push(zeros(1, taps * pixels - length));
  const shifted = graph.emit('Concat', parts, { axis: 3 });
  const columns = padInput(recorder, input, geometry);
  const product = multiplyOverPixels(
    recorder,
    { gradient: shifted, columns, pixels },
    { batch, groups, outputChannels: outputChannels * taps, inputChannels },
  );
  return orderTaps(recorder, product, geometry);
}

/** Products `[outputChannels · taps, channels]`, taps within output channels, as filters OIHW. */
function orderTaps(recorder: Recorder, product: string, geometry: ConvolutionGeometry): string {
  const { kernel, inputChannels, outputChannels, groups } = geometry;
  const perGroup = inputChannels / groups;
  const byTap = recorder.reshape(product, [outputChannels, sizeOf(kernel), perGroup]);
  const byChannel = recorder.graph.emit('Transpose', [byTap], { perm: [0, 2, 1] });
  return recorder.reshape(byChannel, [outputChannels, perGroup, ...kernel]);
}

/** Other strides, few channels: the input pixels that each tap meets, side by side, and one product with dy for all. */
function productOverTaps(recorder: Recorder, input: string, gradient: string, geometry: ConvolutionGeometry): string {
  const { graph } = recorder;
  const { batch, groups, inputChannels, outputChannels, outputSize } = geometry;
  const taps = sliceTaps(recorder, input, geometry);
  const perGroup = inputChannels / groups;
  const split = taps.map((tap) => recorder.reshape(tap, [batch, groups, perGroup, ...outputSize]));
  const joined = split.length === 1 ? split[0]! : graph.emit('Concat', split, { axis: 2 });
  const product = multiplyOverPixels(
    recorder,
    { gradient, columns: joined, pixels: sizeOf(outputSize) },
    { batch, groups, outputChannels, inputChannels: taps.length * inputChannels },
  );
  return orderTaps(recorder, product, geometry);
}

/** For every tap, the input pixels that it meets, `[batch, channels, outHeight, outWidth]`. */
function sliceTaps(recorder: Recorder, input: string, geometry: ConvolutionGeometry): string[] {
  const { graph } = recorder;
  const { kernel, strides, outputSize } = geometry;
  const padded = padInput(recorder, input, geometry);
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

/** gradient · columnsᵀ over the pixels, within each group, summed over the batch. */
function multiplyOverPixels(
  recorder: Recorder,
  { gradient, columns, pixels }: { readonly gradient: string; readonly columns: string; readonly pixels: number },
  {
    batch,
    groups,
    outputChannels,
    inputChannels,
  }: Pick<ConvolutionGeometry, 'batch' | 'groups' | 'outputChannels' | 'inputChannels'>,
): string {
  const { graph } = recorder;
  const plain = batch === 1 && groups === 1;
  const matrix = (name: string, channels: number) =>
    recorder.reshape(name, plain ? [channels, pixels] : [batch, groups, channels / groups, pixels]);
  const left = matrix(gradient, outputChannels);
  const right = matrix(columns, inputChannels);
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
