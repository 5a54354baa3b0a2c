// HoVer-Net as one TensorFlow.js function of (weights, image): no variables, no state, static shapes.
import { ArgumentError, ShapeError } from '@hovernet/core';
import type * as tf from '@tensorflow/tfjs';
import type { HoverNetConfig } from './config.js';
import { declareNetwork, runNetwork } from './network.js';
import { outputSize } from './output-size.js';
import type { BatchStatistics } from './running-statistics.js';
import { TensorOperations, type WeightLookup } from './tensor-operations.js';

export interface ForwardOptions {
  /**
   * True: batch-norms use the batch's statistics, which are returned; frozen layers too, as in the references.
   * False: they use the running statistics. @default false
   */
  readonly training?: boolean;
  /**
   * Gives the scales of a layer of `listDropouts`, `[batch, channels]`, such as `drawDropoutScales` draws; needed to train a
   * network with `dropout`.
   */
  readonly dropout?: (layer: string) => tf.Tensor2D;
  /**
   * Is given the result of every stage as it is computed, NHWC: `conv0`, `d0`…`d3`, `bottleneck` and four
   * `decoderblock`s per branch. Clone what shall be kept.
   */
  readonly observe?: (stage: string, value: tf.Tensor4D) => void;
}

/** The branches' raw results, NHWC, and what the batch-norms saw. */
export interface HoverNetOutput {
  /** Nucleus pixel logits, `[batch, h, w, npOutChannels]`: background, foreground. */
  readonly np: tf.Tensor4D;
  /** Horizontal and vertical maps, `[batch, h, w, 2]`, about −1…1, no activation. */
  readonly hv: tf.Tensor4D;
  /** Class logits, `[batch, h, w, outClasses]`, background first; absent without a type branch. */
  readonly nc?: tf.Tensor4D;
  /** Mean and biased variance of every batch-norm's input; empty unless training. */
  readonly batchStatistics: readonly BatchStatistics<tf.Tensor1D>[];
}

/**
 * Runs the network on `image`, `[batch, height, width, inChannels]`, RGB, 0…1. `weights` gives the tensors of
 * `tensorSpecs`; in training mode it is not asked for running statistics.
 * @throws ShapeError when the image does not fit; ArgumentError when scales of the dropout are missing while training.
 */
export function hoverNetForward(
  config: HoverNetConfig,
  weights: WeightLookup,
  image: tf.Tensor4D,
  options: ForwardOptions = {},
): HoverNetOutput {
  const { training = false, observe } = options;
  assertImage(config, image);
  const { dropout = missingScales } = options;
  const operations = new TensorOperations(weights, { reference: config.reference, training, observe, dropout });
  const { np, hv, nc } = runNetwork(declareNetwork(config), operations, image);
  return { np, hv, ...(nc && { nc }), batchStatistics: operations.batchStatistics };
}

function missingScales(layer: string): never {
  const remedy = 'give the option dropout, for example from drawDropoutScales';
  throw new ArgumentError(`hoverNetForward: expected scales for ${layer} while training, got none; ${remedy}`);
}

function assertImage(config: HoverNetConfig, image: tf.Tensor4D): void {
  const [, height, width, channels] = image.shape;
  if (image.rank !== 4 || channels !== config.inChannels) {
    const expected = `[batch, height, width, ${config.inChannels}]`;
    throw new ShapeError('hoverNetForward: image', expected, `[${image.shape.join(', ')}]`);
  }
  outputSize(config, height);
  outputSize(config, width);
}
