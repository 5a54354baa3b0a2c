// What the tables of cases are made of: an instance is one call of one kernel, with everything random about it decided.
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import type { InputSpec } from '../../support.js';

/** One call of a kernel. */
export interface Instance {
  readonly inputs: readonly InputSpec[];
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** Shown where the instance fails. */
  readonly attributes?: object;
  /** Inputs with respect to which gradients are compared. @default none */
  readonly gradients?: readonly number[];
  /** Relative to the element, for float32. @default 1e-5 */
  readonly relative?: number;
  /** Relative to the largest element, for float32. @default 1e-6 */
  readonly absolute?: number;
}

/** Cases by the name of the kernel that they call. */
export type CaseTable = Readonly<Record<string, fc.Arbitrary<Instance>>>;

/** Calls the kernel `name` on inputs named `names`, in order. */
export function kernel(name: string, names: readonly string[], attributes: object = {}) {
  return (...inputs: tf.Tensor[]): tf.Tensor | tf.Tensor[] => {
    const named = Object.fromEntries(inputs.map((input, index) => [names[index]!, input]));
    return tf.engine().runKernel(name, named, attributes as tf.NamedAttrMap);
  };
}

/** A shape of `rank` (or a rank between two) with lengths from 1, rarely 0 where `empty` says so. */
export function shapes(
  rank: number | readonly [number, number],
  { longest = 4, empty = false }: { readonly longest?: number; readonly empty?: boolean } = {},
): fc.Arbitrary<number[]> {
  const [minLength, maxLength] = typeof rank === 'number' ? [rank, rank] : rank;
  const length = fc.integer({ min: 1, max: longest });
  const shape = fc.array(length, { minLength, maxLength });
  if (!empty) return shape;
  const withZero = fc
    .tuple(shape, fc.nat())
    .map(([lengths, at]) => lengths.map((value, axis) => (axis === at % lengths.length ? 0 : value)));
  return fc.oneof({ arbitrary: shape, weight: 9 }, { arbitrary: withZero, weight: 1 });
}

/** An input of the given shape in any order of axes, sometimes a constant. */
export function input(
  shape: readonly number[],
  spec: Omit<InputSpec, 'shape' | 'layout' | 'constant'> & { readonly constant?: boolean | 'sometimes' } = {},
): fc.Arbitrary<InputSpec> {
  const { constant = false, ...rest } = spec;
  const axes = shape.map((_, axis) => axis);
  const layout = fc.shuffledSubarray(axes, { minLength: axes.length, maxLength: axes.length });
  const isConstant =
    constant === 'sometimes' ? fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0) : fc.constant(constant);
  return fc.tuple(layout, isConstant).map(([order, made]) => ({ ...rest, shape, layout: order, constant: made }));
}

/** An axis of a shape, counted from either end. */
export function axisOf(shape: readonly number[]): fc.Arbitrary<number> {
  return fc.integer({ min: -shape.length, max: shape.length - 1 });
}

/** `count` shapes that broadcast against each other. */
export function broadcasting(count: number, { empty = true } = {}): fc.Arbitrary<number[][]> {
  return shapes([0, 4], { longest: 3, empty }).chain((whole) => {
    const part = fc
      .tuple(fc.integer({ min: 0, max: whole.length }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
      .map(([from, keep]) => whole.slice(from).map((length, axis) => (keep[axis] || length === 0 ? length : 1)));
    return fc
      .tuple(fc.constant(whole), ...Array.from({ length: count - 1 }, () => part))
      .chain((parts) => fc.shuffledSubarray(parts, { minLength: count, maxLength: count }));
  });
}
