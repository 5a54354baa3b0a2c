// Kernels that make tensors out of attributes alone: they stay constants.
import { splatValue, type TracedType } from '../value.js';
import { computeOnHost } from './fold-constants.js';
import type { Lowering, LoweringTable } from './types.js';

function onHost(kernelName: string): Lowering {
  return (_recorder, inputs, attributes) => computeOnHost(kernelName, inputs, attributes);
}

export const creationLowerings: LoweringTable = {
  Fill: (_recorder, _inputs, { shape, value, dtype }) =>
    splatValue(value as number, shape as number[], (dtype as TracedType | undefined) ?? 'float32'),
  LinSpace: onHost('LinSpace'),
  Range: onHost('Range'),
  ZerosLike: (_recorder, { x }) => splatValue(0, x!.shape, x!.type),
  OnesLike: (_recorder, { x }) => splatValue(1, x!.shape, x!.type),
};
