// Layouts: a value's physical axis i holds its logical axis layout[i]. Images are bound as NCHW, filters as OIHW.

import type { Layout } from '@hovernet/ops/contract';

export { NCHW, OIHW, type Layout } from '@hovernet/ops/contract';

/** 0, 1, … rank − 1. */
export function identityLayout(rank: number): Layout {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** Whether two lists of integers are equal. */
export function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Logical dimensions in physical order. */
export function toPhysical(dims: readonly number[], layout: Layout): number[] {
  return layout.map((axis) => dims[axis]!);
}

/** The layout of what remains when logical `axes` are removed. */
export function withoutAxes(layout: Layout, axes: readonly number[]): Layout {
  const left = layout.filter((axis) => !axes.includes(axis));
  const order = [...left].sort((a, b) => a - b);
  return left.map((axis) => order.indexOf(axis));
}

/** Shape of broadcasting `shapes` against each other as NumPy does; an error if two lengths of an axis differ and none is 1. */
export function broadcastShapes(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const long = lengths.filter((length) => length !== 1);
    if (long.some((length) => length !== long[0])) {
      const shown = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
      throw new Error(`expected shapes that broadcast against each other, got ${shown}`);
    }
    return long[0] ?? 1;
  });
}

/** Elements of a C-order array with dimensions `dims`, rearranged so that axis i of the result is axis layout[i]. */
export function permuteElements<T extends Float32Array | Int32Array | Uint8Array>(
  data: T,
  dims: readonly number[],
  layout: Layout,
): T {
  const rank = dims.length;
  const strides = new Array<number>(rank).fill(1);
  for (let axis = rank - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  const outDims = toPhysical(dims, layout);
  const outStrides = layout.map((axis) => strides[axis]!);
  const result = data.slice() as T;
  const position = new Array<number>(rank).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = rank - 1; axis >= 0; axis--) {
      from += outStrides[axis]!;
      if (++position[axis]! < outDims[axis]!) break;
      from -= outStrides[axis]! * outDims[axis]!;
      position[axis] = 0;
    }
  }
  return result;
}
