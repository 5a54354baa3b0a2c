// Batch normalisation: with given statistics, with those of the batch, and the gradient of the latter in few passes.
import { NCHW, sizeOf } from '../layout.js';
import { nodeValue, splatValue, type Value } from '../value.js';
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

const training: Lowering = (recorder, { x, gamma, beta }, { epsilon }) => {
  const { graph } = recorder;
  const scale = recorder.operand(gamma!);
  const shift = recorder.operand(beta!);
  // ONNX Runtime lets outputs 1 and 2 overwrite inputs 3 and 4: they must be two temporaries of this node alone.
  const zero = graph.scalar(0);
  const oldMean = graph.emit('Mul', [scale, zero]);
  const oldVariance = graph.emit('Mul', [shift, zero]);
  const [y, mean, variance] = graph.emitMany(
    'BatchNormalization',
    [recorder.operand(x!, NCHW), scale, shift, oldMean, oldVariance],
    { training_mode: 1, epsilon: { float: epsilon as number }, momentum: { float: 0 } },
    3,
  );
  const channels = [x!.shape[3]!];
  return [
    nodeValue(y!, x!.shape, 'float32', NCHW),
    nodeValue(mean!, channels, 'float32'),
    nodeValue(variance!, channels, 'float32'),
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
  const overPixels = (name: string) => graph.emit('ReduceSum', [name, graph.integers([0, 2, 3])], { keepdims: 0 });

  const shifted = graph.emit('Add', [recorder.operand(variance!), graph.scalar(epsilon as number)]);
  const inverseDeviation = graph.emit('Reciprocal', [graph.emit('Sqrt', [shifted])]);
  const dBeta = overPixels(gradient);
  const centred = graph.emit('Sub', [overPixels(times(gradient, input)), times(batchMean, dBeta)]);
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
