// The state dict: names, order and shapes of all tensors, as MONAI's `HoVerNet.state_dict()` has them.
import { OIHW, type TensorSpec } from '@hovernet/ops';
import type { HoverNetConfig } from './config.js';
import type { Layer } from './layers.js';
import { declareNetwork } from './network.js';

/** What a tensor does in its layer. */
export type TensorRole = 'filter' | 'bias' | 'scale' | 'shift' | 'runningMean' | 'runningVariance' | 'batchCount';

/** One tensor of the state dict. */
export interface TensorEntry {
  readonly name: string;
  /**
   * PyTorch's shape: `[out, in / groups, height, width]` for filters, `[in, out, height, width]` for those of transposed
   * convolutions, `[channels]`, `[]` for counters.
   */
  readonly shape: readonly number[];
  readonly role: TensorRole;
  readonly dtype: 'float32' | 'int64';
}

/** All tensors of the network, in the order of MONAI's state dict (797 for the standard network with five classes). */
export function listTensors(config: HoverNetConfig): TensorEntry[] {
  return declareNetwork(config).layers.flatMap(listLayerTensors);
}

/** Whether an optimiser may change the tensor. */
export function isParameter(entry: TensorEntry): boolean {
  return entry.role === 'filter' || entry.role === 'bias' || entry.role === 'scale' || entry.role === 'shift';
}

/** Number of elements of the parameters; running statistics and counters do not count. */
export function countParameters(config: HoverNetConfig): number {
  return listTensors(config)
    .filter(isParameter)
    .reduce((sum, entry) => sum + countElements(entry.shape), 0);
}

/**
 * Every float tensor as an engine binds it: filters have TensorFlow.js's shape `[height, width, in / groups, out]`
 * and the host layout `OIHW`, so the state dict's arrays are used as they are.
 */
export function tensorSpecs(config: HoverNetConfig): TensorSpec[] {
  return listTensors(config)
    .filter((entry) => entry.dtype === 'float32')
    .map(({ name, shape }) => {
      if (shape.length !== 4) return { name, shape, dtype: 'float32' };
      const [out, input, height, width] = shape as [number, number, number, number];
      return { name, shape: [height, width, input, out], dtype: 'float32', layout: OIHW };
    });
}

/** Number of elements of an array of this shape. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function listLayerTensors(layer: Layer): TensorEntry[] {
  const { name } = layer;
  if (layer.kind === 'dropout') return [];
  if (layer.kind === 'convolution') {
    const shape = [layer.outChannels, layer.inChannels / layer.groups, layer.kernelSize, layer.kernelSize];
    const filter: TensorEntry = { name: `${name}.weight`, shape, role: 'filter', dtype: 'float32' };
    const bias: TensorEntry = { name: `${name}.bias`, shape: [layer.outChannels], role: 'bias', dtype: 'float32' };
    return layer.bias ? [filter, bias] : [filter];
  }
  if (layer.kind === 'upconvolution') {
    const { inChannels, outChannels } = layer;
    return [
      { name: `${name}.weight`, shape: [inChannels, outChannels, 2, 2], role: 'filter', dtype: 'float32' },
      { name: `${name}.bias`, shape: [outChannels], role: 'bias', dtype: 'float32' },
    ];
  }
  const shape = [layer.channels];
  return [
    { name: `${name}.weight`, shape, role: 'scale', dtype: 'float32' },
    { name: `${name}.bias`, shape, role: 'shift', dtype: 'float32' },
    { name: `${name}.running_mean`, shape, role: 'runningMean', dtype: 'float32' },
    { name: `${name}.running_var`, shape, role: 'runningVariance', dtype: 'float32' },
    { name: `${name}.num_batches_tracked`, shape: [], role: 'batchCount', dtype: 'int64' },
  ];
}
