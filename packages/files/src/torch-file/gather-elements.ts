// Windows of a storage, described by shape and strides, in C order.
import type { StoredArrays, StoredDtype } from '../stored-tensor.js';

type StoredData = StoredArrays[StoredDtype];

/** Which elements of a storage a tensor has, and in which order. */
export interface ElementWindow {
  readonly offset: number;
  readonly shape: readonly number[];
  /** In elements; 0 repeats one element along its axis. */
  readonly strides: readonly number[];
}

/** Index after the last element of the storage that `window` touches; 0 where it has no elements. */
export function windowEnd({ offset, shape, strides }: ElementWindow): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((end, size, axis) => (size === 1 ? end : end + (size - 1) * strides[axis]!), offset + 1);
}

/** Whether the elements lie one after the other, in C order. */
export function isContiguous({ shape, strides }: ElementWindow): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    if (strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** Copies the elements of `window`, none of which lies outside of `data`, in C order. Linear in their number. */
export function gatherElements(data: StoredData, window: ElementWindow, count: number): StoredData {
  const gathered = new (data.constructor as new (length: number) => StoredData)(count);
  const axes = window.shape
    .map((size, axis) => ({ size, stride: window.strides[axis]! }))
    .filter(({ size }) => size !== 1);
  const { size: rowSize, stride: step } = axes.pop() ?? { size: 1, stride: 0 };
  const position = axes.map(() => 0);
  let from = window.offset;
  for (let to = 0; to < count;) {
    for (let i = 0, at = from; i < rowSize; i++, at += step) gathered[to++] = data[at]!;
    // The next row: the last axis that is not at its end moves on, those after it start again.
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { size, stride } = axes[axis]!;
      from += stride;
      if (++position[axis]! < size) break;
      from -= size * stride;
      position[axis] = 0;
    }
  }
  return gathered;
}
