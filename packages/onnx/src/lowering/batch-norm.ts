// Batch normalisation: with given statistics, with those of the batch, and the gradient of the latter in few passes.
import { NCHW, sizeOf } from '../layout.js';
import { nodeValue, splatValue, type Value } from '../value.js';
import type { GraphBuilder } from '../graph.js';
import { reducePhysical } from './reduction.js';
import type { Lowering, LoweringTable } from './types.js';

const inference: Lowering = (recorder, { x, scale, offset, mean, variance }, { varianceEpsilon }) => {
  const channels = x!.shape[3]!;
  const vector = (value: Value | undefined, otherwise: number) =>
    recorder.operand(value ?? splatValue(otherwise, [channels]));
  const inputs = [
    recorder.operand(x!, NCHW),
    vector(scale, 1),
    vector(offset, 0),
    vector(mean, 0),
    vector(variance, 1),
  ];
  const name = recorder.graph.emit('BatchNormalization', inputs, { epsilon: { float: varianceEpsilon as number } });
  return nodeValue(name, x!.shape, 'float32', NCHW);
};

/** `op` over the pixels of an NCHW value: one number per channel. */
function overPixels(graph: GraphBuilder, op: 'ReduceSum' | 'ReduceMean', name: string): string {
  return reducePhysical(graph, op, name, { axes: [0, 2, 3], rank: 4 });
}

/** Statistics by {@link overPixels}: the node's own training mode loses 1e-5 of the variance. */
const training: Lowering = (recorder, { x, gamma, beta }, { epsilon }) => {
  const { graph } = recorder;
  const channels = x!.shape[3]!;
  const input = recorder.operand(x!, NCHW);
  const mean = overPixels(graph, 'ReduceMean', input);
  const centred = graph.emit('Sub', [input, recorder.reshape(mean, [channels, 1, 1])]);
  const variance = overPixels(graph, 'ReduceMean', graph.emit('Mul', [centred, centred]));
  const inputs = [input, recorder.operand(gamma!), recorder.operand(beta!), mean, variance];
  const y = graph.emit('BatchNormalization', inputs, { epsilon: { float: epsilon as number } });
  return [
    nodeValue(y, x!.shape, 'float32', NCHW),
    nodeValue(mean, [channels], 'float32'),
    nodeValue(variance, [channels], 'float32'),
  ];
};

/**
 * With n pixels, σ⁻¹ = (variance + ε)^−½ and x̂ = (x − mean)·σ⁻¹:
 * dβ = Σ dy, dγ = Σ dy·x̂, dx = γσ⁻¹·(dy − dβ/n − x̂·dγ/n), computed as slope·(dy + x·ratio) + offset with
 * slope = γσ⁻¹, ratio = −σ⁻¹·dγ/n, offset = −slope·dβ/n − slope·ratio·mean.
 */
const trainingGradient: Lowering = (recorder, { x, dy, gamma, mean, variance }, { epsilon }) => {
  const { graph } = recorder;
  const channels = x!.shape[3]!;
  const pixels = sizeOf(x!.shape) / channels;
  const input = recorder.operand(x!, NCHW);
  const gradient = recorder.operand(dy!, NCHW);
  const batchMean = recorder.operand(mean!);
  const times = (a: string, b: string) => graph.emit('Mul', [a, b]);
  const sum = (name: string) => overPixels(graph, 'ReduceSum', name);

  const shifted = graph.emit('Add', [recorder.operand(variance!), graph.scalar(epsilon as number)]);
  const inverseDeviation = graph.emit('Reciprocal', [graph.emit('Sqrt', [shifted])]);
  const dBeta = sum(gradient);
  const centred = graph.emit('Sub', [sum(times(gradient, input)), times(batchMean, dBeta)]);
  const dGamma = times(inverseDeviation, centred);

  const slope = times(recorder.operand(gamma!), inverseDeviation);
  const perPixel = graph.scalar(-1 / pixels);
  const ratio = times(times(inverseDeviation, dGamma), perPixel);
  const offset = graph.emit('Sub', [times(times(slope, dBeta), perPixel), times(times(slope, ratio), batchMean)]);
  const pulled = graph.emit('Add', [gradient, times(input, recorder.reshape(ratio, [channels, 1, 1]))]);
  const ones = graph.constant(new Float32Array(channels).fill(1), [channels], 'float32');
  const zeros = graph.constant(new Float32Array(channels), [channels], 'float32');
  const dx = graph.emit('BatchNormalization', [pulled, slope, offset, zeros, ones], { epsilon: { float: 0 } });
  return [
    nodeValue(dx, x!.shape, 'float32', NCHW),
    nodeValue(dGamma, [channels], 'float32'),
    nodeValue(dBeta, [channels], 'float32'),
  ];
};

export const batchNormLowerings: LoweringTable = {
  FusedBatchNorm: inference,
  BatchNormTraining: training,
  BatchNormTrainingGrad: trainingGradient,
};
