// Values of PyTorch files as the fixtures describe them, for exact comparison.
import { isStoredTensor, type TorchValue } from '../../../src/node.js';
import { viewElementBytes } from '../../../src/element-types.js';

/** Tensors as type, shape and the bytes of their elements in C order; maps as a list of entries. */
export function describeValue(value: TorchValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isStoredTensor(value)) {
    const { dtype, shape, data } = value;
    return { dtype, shape, bytes: Buffer.from(viewElementBytes(dtype, data)).toString('hex') };
  }
  if (value instanceof Map) {
    return { entries: Array.from(value as Map<string, TorchValue>, ([key, item]) => [key, describeValue(item)]) };
  }
  return Array.from(value as readonly TorchValue[], describeValue);
}
