// The network written down as nodes of a TensorFlow graph, for evaluation, NHWC: one graph for images of any size.
import type { Reference } from '@hovernet/core';
import type { ConvolutionLayer, LayerOperations, NormalizationLayer, UpconvolutionLayer } from '../layers.js';
import { lookBack } from '../look-back.js';
import { batchNormEpsilon } from '../tensor-operations.js';
import { float, int32, integer, integers, text, type GraphAttribute } from './graph-def.js';
import type { GraphWriter } from './graph-writer.js';

/** An output of a node, and what is known of its shape without knowing the image's. */
export interface GraphValue {
  readonly output: string;
  readonly channels: number;
  /** It is `scale` · h + `offset` pixels high for an image of h pixels, and as wide for its width. */
  readonly scale: number;
  readonly offset: number;
}

const channelAxis = 3;
/** Masks of StridedSlice that leave the axes of batch and channels, or all axes, as they are. */
const wholeOuterAxes = 0b1001;
const wholeAxes = 0b1111;

export class GraphOperations implements LayerOperations<GraphValue> {
  constructor(
    private readonly graph: GraphWriter,
    private readonly reference: Reference,
  ) {}

  convolve(layer: ConvolutionLayer, input: GraphValue): GraphValue {
    const { name, kernelSize, groups, inChannels, outChannels } = layer;
    const filter = this.graph.weight(`${name}.weight`, [kernelSize, kernelSize, inChannels / groups, outChannels]);
    const output =
      groups === 1
        ? this.addConvolution(layer, name, [input.output, filter])
        : this.addGroups(layer, input.output, filter);
    return { output: layer.bias ? this.addBias(layer, output) : output, ...this.convolvedShape(layer, input) };
  }

  convolveUp(layer: UpconvolutionLayer, input: GraphValue): GraphValue {
    const { name, inChannels, outChannels } = layer;
    const filter = this.graph.weight(`${name}.weight`, [2, 2, outChannels, inChannels]);
    const place = { name, input: [this.addUpconvolvedSize(layer, input.output), filter, input.output] };
    const strides = integers([1, 2, 2, 1]);
    const attributes = { strides, dilations: integers([1, 1, 1, 1]), padding: text('SAME'), ...channelsLast };
    const output = this.addBias(layer, this.graph.add('Conv2DBackpropInput', place, attributes));
    return { output, channels: outChannels, scale: 2 * input.scale, offset: 2 * input.offset };
  }

  normalizeActivate({ name, channels }: NormalizationLayer, input: GraphValue): GraphValue {
    const vectors = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      this.graph.weight(`${name}.${part}`, [channels]),
    );
    const attributes = { U: float, epsilon: { f: batchNormEpsilon }, is_training: { b: false }, ...channelsLast };
    const place = { name, input: [input.output, ...vectors] };
    const normalized = this.graph.add('FusedBatchNormV3', place, attributes);
    return { ...input, output: this.graph.add('Relu', { name: `${name}.relu`, input: [normalized] }) };
  }

  drop(_layer: unknown, input: GraphValue): GraphValue {
    return input;
  }

  add(first: GraphValue, second: GraphValue): GraphValue {
    const place = { name: this.graph.number('add'), input: [first.output, second.output] };
    return { ...first, output: this.graph.add('AddV2', place) };
  }

  concatenate(first: GraphValue, second: GraphValue): GraphValue {
    const output = this.addConcatenation(this.graph.number('concat'), [first.output, second.output]);
    return { ...first, output, channels: first.channels + second.channels };
  }

  trimToHalf(input: GraphValue, source: GraphValue): GraphValue {
    return this.cut('trim', input, { before: 0, after: input.offset - source.offset / 2 });
  }

  cropLike(input: GraphValue, reference: GraphValue): GraphValue {
    const trim = (input.offset - reference.offset) / 2;
    return this.cut('crop', input, { before: trim, after: trim });
  }

  upsample(input: GraphValue): GraphValue {
    const name = this.graph.number('upsample');
    const size = this.addDoubledSize(name, input.output);
    const place = { name, input: [input.output, size] };
    const half = { half_pixel_centers: { b: false } };
    const output =
      this.reference === 'monai'
        ? this.graph.add('ResizeBilinear', place, { align_corners: { b: true }, ...half })
        : this.graph.add('ResizeNearestNeighbor', place, { align_corners: { b: false }, ...half });
    return { ...input, output, scale: 2 * input.scale, offset: 2 * input.offset };
  }

  scope(build: () => GraphValue): GraphValue {
    return build();
  }

  observe(): void {
    // Stages need no nodes of their own.
  }

  private addConvolution(layer: ConvolutionLayer, name: string, input: readonly string[]): string {
    const { stride } = layer;
    const strides = integers([1, stride, stride, 1]);
    const attributes = { strides, dilations: integers([1, 1, 1, 1]), ...channelsLast, ...this.paddingOf(layer) };
    return this.graph.add('Conv2D', { name, input }, attributes);
  }

  /** MONAI pads strided convolutions by one more than usual; what that gives too much at the end is not computed here. */
  private paddingOf(layer: ConvolutionLayer): Record<string, GraphAttribute> {
    if (!this.looksBack(layer)) return { padding: text(layer.padding.toUpperCase()) };
    const { before, afterAtLeast: after } = lookBack(layer);
    return { padding: text('EXPLICIT'), explicit_paddings: integers([0, 0, before, after, before, after, 0, 0]) };
  }

  private convolvedShape(layer: ConvolutionLayer, { scale, offset }: GraphValue): Omit<GraphValue, 'output'> {
    const { kernelSize, stride, padding, outChannels: channels } = layer;
    if (padding === 'valid') return { channels, scale, offset: offset - kernelSize + 1 };
    const { before, afterAtLeast } = lookBack(layer);
    const surplus = this.looksBack(layer) ? Math.floor((before + afterAtLeast - kernelSize) / 2) + 1 : 0;
    return { channels, scale: scale / stride, offset: offset / stride + surplus };
  }

  private looksBack({ stride }: ConvolutionLayer): boolean {
    return stride === 2 && this.reference === 'monai';
  }

  private addGroups(layer: ConvolutionLayer, input: string, filter: string): string {
    const { name, groups } = layer;
    const inputs = this.addSplit(`${name}.inputs`, input, groups);
    const filters = this.addSplit(`${name}.filters`, filter, groups);
    const outputs = inputs.map((part, group) =>
      this.addConvolution(layer, `${name}.group_${group}`, [part, filters[group]!]),
    );
    return this.addConcatenation(name, outputs);
  }

  private addSplit(name: string, value: string, count: number): string[] {
    const place = { name, input: [this.graph.integer(channelAxis), value] };
    this.graph.add('Split', place, { num_split: integer(count) });
    return Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}:${index}`));
  }

  private addConcatenation(name: string, values: readonly string[]): string {
    const place = { name, input: [...values, this.graph.integer(channelAxis)] };
    return this.graph.add('ConcatV2', place, { N: integer(values.length), Tidx: int32 });
  }

  private addBias({ name, outChannels }: ConvolutionLayer | UpconvolutionLayer, value: string): string {
    const bias = this.graph.weight(`${name}.bias`, [outChannels]);
    return this.graph.add('BiasAdd', { name: `${name}.biased`, input: [value, bias] }, channelsLast);
  }

  /** Cuts pixels off the beginnings and ends of rows and columns, however many there are. */
  private cut(
    kind: string,
    input: GraphValue,
    { before, after }: { readonly before: number; readonly after: number },
  ): GraphValue {
    if (before === 0 && after === 0) return input;
    const begin = this.graph.integer([0, before, before, 0]);
    const end = this.graph.integer([0, -after, -after, 0]);
    const strides = this.graph.integer([1, 1, 1, 1]);
    const place = { name: this.graph.number(kind), input: [input.output, begin, end, strides] };
    const output = this.graph.add('StridedSlice', place, {
      Index: int32,
      begin_mask: integer(wholeOuterAxes),
      end_mask: integer(after === 0 ? wholeAxes : wholeOuterAxes),
      ellipsis_mask: integer(0),
      new_axis_mask: integer(0),
      shrink_axis_mask: integer(0),
    });
    return { ...input, output, offset: input.offset - before - after };
  }

  /** Shape of what a transposed convolution makes of `image`: as many images, twice as high and wide. */
  private addUpconvolvedSize({ name, outChannels }: UpconvolutionLayer, image: string): string {
    const shape = this.graph.add('Shape', { name: `${name}.shape`, input: [image] }, { out_type: int32 });
    const factors = this.graph.integer([1, 2, 2, 0]);
    const scaled = this.graph.add('Mul', { name: `${name}.scaled`, input: [shape, factors] }, { T: int32 });
    const channels = this.graph.integer([0, 0, 0, outChannels]);
    return this.graph.add('AddV2', { name: `${name}.size`, input: [scaled, channels] }, { T: int32 });
  }

  /** Twice the height and width of an image, which are known only when the graph runs. */
  private addDoubledSize(name: string, image: string): string {
    const shape = this.graph.add('Shape', { name: `${name}.shape`, input: [image] }, { out_type: int32 });
    const range = [this.graph.integer([1]), this.graph.integer([2])];
    const size = this.graph.add(
      'Slice',
      { name: `${name}.half`, input: [shape, ...range] },
      { T: int32, Index: int32 },
    );
    return this.graph.add('Mul', { name: `${name}.size`, input: [size, this.graph.integer(2)] }, { T: int32 });
  }
}

const channelsLast = { data_format: text('NHWC') };
