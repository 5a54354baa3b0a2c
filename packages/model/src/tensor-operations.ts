// The network run on tensors: TensorFlow.js, NHWC, eager or traced.
import type { Reference } from '@hovernet/core';
import { batchNormTraining, cropCenter2d, groupedConv2d, upsampleBilinear2x, upsampleNearest2x } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { lookBack } from './look-back.js';
import type {
  ConvolutionLayer,
  DropoutLayer,
  LayerOperations,
  NormalizationLayer,
  UpconvolutionLayer,
} from './layers.js';
import type { BatchStatistics } from './running-statistics.js';

/** Gives the tensor of a state dict name; filters as `[height, width, in / groups, out]`. */
export type WeightLookup = (name: string) => tf.Tensor;

/** Added to the variance, as in both references. */
export const batchNormEpsilon = 1e-5;

export interface TensorOperationsOptions {
  readonly reference: Reference;
  /** Normalise by the batch's statistics and collect them. */
  readonly training: boolean;
  /** Gives the scales of a dropout layer, `[batch, channels]`; asked for while training only. */
  readonly dropout: (layer: string) => tf.Tensor2D;
  readonly observe?: ((stage: string, value: tf.Tensor4D) => void) | undefined;
}

export class TensorOperations implements LayerOperations<tf.Tensor4D> {
  readonly batchStatistics: BatchStatistics<tf.Tensor1D>[] = [];

  constructor(
    private readonly weights: WeightLookup,
    private readonly options: TensorOperationsOptions,
  ) {}

  convolve(layer: ConvolutionLayer, input: tf.Tensor4D): tf.Tensor4D {
    const filter = this.weights(`${layer.name}.weight`) as tf.Tensor4D;
    const output = this.applyFilter(layer, input, filter);
    return layer.bias ? tf.add(output, this.weights(`${layer.name}.bias`)) : output;
  }

  convolveUp({ name, outChannels }: UpconvolutionLayer, input: tf.Tensor4D): tf.Tensor4D {
    const [batch, height, width] = input.shape;
    const shape: [number, number, number, number] = [batch, 2 * height, 2 * width, outChannels];
    // PyTorch's `[in, out, height, width]` is, bound as a filter, what TensorFlow.js takes: `[height, width, out, in]`.
    const filter = this.weights(`${name}.weight`) as tf.Tensor4D;
    return tf.add(tf.conv2dTranspose(input, filter, shape, 2, 'same'), this.weights(`${name}.bias`));
  }

  normalizeActivate({ name }: NormalizationLayer, input: tf.Tensor4D): tf.Tensor4D {
    const scale = this.weights(`${name}.weight`) as tf.Tensor1D;
    const shift = this.weights(`${name}.bias`) as tf.Tensor1D;
    if (this.options.training) {
      const { y, mean, variance } = batchNormTraining(input, scale, shift, batchNormEpsilon);
      const [batch, height, width] = input.shape;
      this.batchStatistics.push({ name, mean, variance, count: batch * height * width });
      return tf.relu(y);
    }
    const mean = this.weights(`${name}.running_mean`) as tf.Tensor1D;
    const variance = this.weights(`${name}.running_var`) as tf.Tensor1D;
    return tf.relu(tf.batchNorm(input, mean, variance, shift, scale, batchNormEpsilon));
  }

  drop({ name, channels }: DropoutLayer, input: tf.Tensor4D): tf.Tensor4D {
    if (!this.options.training) return input;
    return tf.mul(input, tf.reshape(this.options.dropout(name), [-1, 1, 1, channels]));
  }

  add(first: tf.Tensor4D, second: tf.Tensor4D): tf.Tensor4D {
    return tf.add(first, second);
  }

  concatenate(first: tf.Tensor4D, second: tf.Tensor4D): tf.Tensor4D {
    return tf.concat([first, second], 3);
  }

  trimToHalf(input: tf.Tensor4D, source: tf.Tensor4D): tf.Tensor4D {
    const [batch, height, width, channels] = input.shape;
    const [halfHeight, halfWidth] = [source.shape[1] / 2, source.shape[2] / 2];
    if (height === halfHeight && width === halfWidth) return input;
    return tf.slice(input, [0, 0, 0, 0], [batch, halfHeight, halfWidth, channels]);
  }

  cropLike(input: tf.Tensor4D, reference: tf.Tensor4D): tf.Tensor4D {
    return cropCenter2d(input, reference.shape[1], reference.shape[2]);
  }

  upsample(input: tf.Tensor4D): tf.Tensor4D {
    return this.options.reference === 'monai' ? upsampleBilinear2x(input) : upsampleNearest2x(input);
  }

  scope(build: () => tf.Tensor4D): tf.Tensor4D {
    // While training, the batch statistics made inside must survive, and the gradients keep the rest anyway.
    return this.options.training ? build() : tf.tidy(build);
  }

  observe(stage: string, value: tf.Tensor4D): void {
    this.options.observe?.(stage, value);
  }

  private applyFilter(layer: ConvolutionLayer, input: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
    const { groups, stride, padding } = layer;
    if (groups > 1) return groupedConv2d(input, filter, { groups, pad: padding });
    if (stride === 1 || this.options.reference === 'hover_net') return tf.conv2d(input, filter, stride, padding);
    // MONAI pads one more than usual on all sides, which gives one row and column more than half. The ones at the end are
    // cut after the next batch-norm, so they matter for its statistics and can be spared otherwise.
    const { before, after, afterAtLeast } = lookBack(layer);
    const sides: [number, number] = [before, this.options.training ? after : afterAtLeast];
    return tf.conv2d(input, filter, stride, [[0, 0], sides, sides, [0, 0]]);
  }
}
