// Weights on the host: typed arrays under the names of the state dict, in PyTorch's shapes and element order.

/** A float tensor or a counter. */
export type WeightArray =
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array };

/** All tensors of a network by name, in the order of `listTensors`. The arrays may be changed in place. */
export type StateDict = ReadonlyMap<string, WeightArray>;

/** A copy that shares nothing with `array`. */
export function copyWeightArray(array: WeightArray): WeightArray {
  return array.dtype === 'float32' ? { ...array, data: array.data.slice() } : { ...array, data: array.data.slice() };
}
