// Kernels that make tensors out of attributes alone: they stay constants.
import { constantValue, newData, splatValue, type TracedType } from '../value.js';
import type { Lowering, LoweringTable } from './types.js';

const range: Lowering = (_recorder, _inputs, { start, stop, step, dtype }) => {
  const [from, to, by] = [start, stop, step] as [number, number, number];
  const type = (dtype as TracedType | undefined) ?? 'float32';
  const data = newData(type, Math.max(0, Math.ceil((to - from) / by)));
  for (let i = 0; i < data.length; i++) data[i] = from + i * by;
  return constantValue(data, [data.length], type);
};

export const creationLowerings: LoweringTable = {
  Fill: (_recorder, _inputs, { shape, value, dtype }) =>
    splatValue(value as number, shape as number[], (dtype as TracedType | undefined) ?? 'float32'),
  Range: range,
  ZerosLike: (_recorder, { x }) => splatValue(0, x!.shape, x!.type),
  OnesLike: (_recorder, { x }) => splatValue(1, x!.shape, x!.type),
};
