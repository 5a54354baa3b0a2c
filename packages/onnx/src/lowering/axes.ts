// Axes as kernels give them: negative ones count from the end.
import { identityLayout } from '../layout.js';

/** `axis` counted from the front. */
export function normalizeAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Axes counted from the front; all of them where none is given. */
export function parseAxes(axes: unknown, rank: number): readonly number[] {
  if (axes === undefined || axes === null) return identityLayout(rank);
  return ([axes].flat() as number[]).map((axis) => normalizeAxis(axis, rank));
}
