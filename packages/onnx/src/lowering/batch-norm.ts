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

/** Statistics row by row, as {@link overPixels}: the node's own training mode loses 1e-5 of the variance. */
const training: Lowering = (recorder, { x, gamma, beta }, { epsilon }) => {
  const { graph } = recorder;
  const channels = x!.shape[3]!;
  const input = recorder.operand(x!, NCHW);
  const mean = overPixels(graph, 'ReduceMean', input);
  const centred = graph.emit('Sub', [input, recorder.reshape(mean, [channels, 1, 1])]);
  const rows = graph.emit('ReduceSumSquare', [centred], { axes: [3], keepdims: 0 });
  const squares = graph.emit('ReduceSum', [rows, graph.integers([0, 2])], { keepdims: 0 });
  const variance = graph.emit('Mul', [squares, graph.scalar(channels / sizeOf(x!.shape))]);
  const inputs = [input, recorder.operand(gamma!), recorder.operand(beta!), mean, variance];
  const y = graph.emit('BatchNormalization', inputs, { epsilon: { float: epsilon as number } });
  return [
    nodeValue(y, x!.shape, 'float32', NCHW),
    nodeValue(mean, [channels], 'float32'),
    nodeValue(variance, [channels], 'float32'),
  ];
};

/**
 * With n pixels, v = variance + ε and centred moments: dβ = Σ dy, t = Σ dy·x − mean·dβ, dγ = t/√v,
 * dx = γ/√v·(dy − dβ/n − (x − mean)·t/(n·v)). With ratio = −t/(n·v) that is a batch-norm of dy + x·ratio, whose mean is
 * dβ/n + mean·ratio, by the variance of the forward pass.
 */
const trainingGradient: Lowering = (recorder, { x, dy, gamma, mean, variance }, { epsilon }) => {
  const { graph } = recorder;
  const channels = x!.shape[3]!;
  const pixels = sizeOf(x!.shape) / channels;
  const input = recorder.operand(x!, NCHW);
  const gradient = recorder.operand(dy!, NCHW);
  const batchMean = recorder.operand(mean!);
  const batchVariance = recorder.operand(variance!);
  const times = (a: string, b: string) => graph.emit('Mul', [a, b]);
  const sum = (name: string) => overPixels(graph, 'ReduceSum', name);

  const shifted = graph.emit('Add', [batchVariance, graph.scalar(epsilon as number)]);
  const dBeta = sum(gradient);
  const moment = graph.emit('Sub', [sum(times(gradient, input)), times(batchMean, dBeta)]);
  const dGamma = graph.emit('Div', [moment, graph.emit('Sqrt', [shifted])]);

  const ratio = graph.emit('Div', [moment, times(shifted, graph.scalar(-pixels))]);
  const pulled = graph.emit('Add', [gradient, times(input, recorder.reshape(ratio, [channels, 1, 1]))]);
  const pulledMean = graph.emit('Add', [times(dBeta, graph.scalar(1 / pixels)), times(batchMean, ratio)]);
  const zeros = graph.zeros([channels]);
  const inputs = [pulled, recorder.operand(gamma!), zeros, pulledMean, batchVariance];
  const dx = graph.emit('BatchNormalization', inputs, { epsilon: { float: epsilon as number } });
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
