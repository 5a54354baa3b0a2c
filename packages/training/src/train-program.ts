// One training step as a program: weights and a batch in, loss terms, gradients and batch statistics out.
import { computeHoverNetLoss, type LossTerms, type LossWeights } from '@hovernet/losses';
import { hoverNetForward, outputSize, type HoverNetConfig } from '@hovernet/model';
import { listDropouts, listTrainable, tensorSpecs, type EncoderFreeze } from '@hovernet/model/internal';
import { NCHW, OIHW, type Program, type TensorSpec } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';

export interface TrainProgramOptions {
  readonly batchSize: number;
  /** Side of the square window in pixels. */
  readonly windowPx: number;
  readonly freezeEncoder: EncoderFreeze;
  readonly lossWeights: LossWeights;
  /** Whether the gradients are those of the loss times the input `loss_scale`. @default false */
  readonly lossScaling?: boolean | undefined;
}

/** Name of the input that gradients are multiplied by. */
export const lossScaleInput = 'loss_scale';

/** Name of the output with the weighted sum of the loss terms; the terms themselves are `term/NAME`. */
export const totalLossOutput = 'loss';

/** Names of the outputs for a parameter and for a batch-norm of the state dict. */
export const trainOutputs = {
  term: (name: string) => `term/${name}`,
  gradient: (parameter: string) => `gradient/${parameter}`,
  mean: (norm: string) => `mean/${norm}`,
  variance: (norm: string) => `variance/${norm}`,
  count: (norm: string) => `count/${norm}`,
} as const;

/**
 * Inputs: `image` `[batch, 3, window, window]`, the one-hot targets `np`, `nc` and the HoVer maps `hv`
 * `[batch, channels, out, out]`, every float tensor of the state dict, the scales of every dropout layer `[batch, channels]` under
 * its name and, with loss scaling, the number `loss_scale`.
 * Outputs: see {@link trainOutputs}; the loss itself is not scaled.
 */
export function createTrainProgram(config: HoverNetConfig, options: TrainProgramOptions): Program {
  const { batchSize, windowPx, lossWeights, lossScaling = false } = options;
  const outputPx = outputSize(config, windowPx);
  const parameters = listTrainable(config, { freezeEncoder: options.freezeEncoder }).map((entry) => entry.name);
  const image = (name: string, sidePx: number, channels: number): TensorSpec => {
    return { name, shape: [batchSize, sidePx, sidePx, channels], dtype: 'float32', layout: NCHW };
  };
  const targets = [image('np', outputPx, config.npOutChannels), image('hv', outputPx, 2)];
  if (config.outClasses > 0) targets.push(image('nc', outputPx, config.outClasses));
  const dropouts = listDropouts(config).map(({ name, channels }): TensorSpec => {
    return { name, shape: [batchSize, channels], dtype: 'float32' };
  });
  const scale: TensorSpec[] = lossScaling ? [{ name: lossScaleInput, shape: [], dtype: 'float32' }] : [];
  return {
    name: `train ${batchSize}×${windowPx}²`,
    inputs: [image('image', windowPx, config.inChannels), ...targets, ...tensorSpecs(config), ...dropouts, ...scale],
    run: (tensors) => computeStep(config, parameters, lossWeights, tensors),
    outputLayout: (name, rank) => (rank === 4 && name.startsWith('gradient/') ? OIHW : undefined),
  };
}

function computeStep(
  config: HoverNetConfig,
  parameters: readonly string[],
  lossWeights: LossWeights,
  tensors: Record<string, tf.Tensor>,
): Record<string, tf.Tensor> {
  const kept = new Map<string, tf.Tensor>();
  const keep = (name: string, tensor: tf.Tensor) => kept.set(name, tf.keep(tensor));
  const targets = { np: tensors['np'], hv: tensors['hv'], nc: tensors['nc'] } as {
    np: tf.Tensor4D;
    hv: tf.Tensor4D;
    nc?: tf.Tensor4D;
  };
  const computeLoss = (...values: tf.Tensor[]): tf.Scalar => {
    const weights = { ...tensors, ...Object.fromEntries(parameters.map((name, index) => [name, values[index]!])) };
    const output = hoverNetForward(config, (name) => weights[name]!, tensors['image'] as tf.Tensor4D, {
      training: true,
      dropout: (layer) => tensors[layer] as tf.Tensor2D,
    });
    const { total, terms } = computeHoverNetLoss(output, targets, lossWeights);
    for (const [name, term] of Object.entries(terms as LossTerms)) keep(trainOutputs.term(name), term as tf.Scalar);
    for (const { name, mean, variance, count } of output.batchStatistics) {
      keep(trainOutputs.mean(name), mean);
      keep(trainOutputs.variance(name), variance);
      keep(trainOutputs.count(name), tf.scalar(count));
    }
    keep(totalLossOutput, tf.clone(total));
    const scale = tensors[lossScaleInput];
    return scale ? tf.mul<tf.Scalar>(total, scale) : total;
  };
  const { grads } = tf.valueAndGrads(computeLoss)(parameters.map((name) => tensors[name]!));
  const outputs: Record<string, tf.Tensor> = {};
  grads.forEach((gradient, index) => (outputs[trainOutputs.gradient(parameters[index]!)] = gradient));
  // What was kept survives every tidy: hand out clones, which the caller's tidy owns.
  for (const [name, tensor] of kept) {
    outputs[name] = tf.clone(tensor);
    tensor.dispose();
  }
  return outputs;
}
