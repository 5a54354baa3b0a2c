// Kernels of two or three values that broadcast against each other.
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import type { InputSpec } from '../../support.js';
import { broadcasting, input, kernel, shapes, type CaseTable, type Instance } from './instance.js';

interface Binary {
  readonly range?: readonly [number, number];
  readonly secondRange?: readonly [number, number];
  /** @default ['float32', 'int32'] */
  readonly types?: readonly ('float32' | 'int32' | 'bool')[];
  /** Whether TensorFlow.js differentiates it. @default true */
  readonly differentiable?: boolean;
  readonly names?: readonly [string, string];
  /** Numbers for the two inputs, tried besides random ones. @default none */
  readonly specials?: readonly [readonly number[], readonly number[]];
}

const NONFINITE = [
  [NaN, 1, NaN, Infinity, -Infinity, 2, 0],
  [1, NaN, NaN, 1, Infinity, 2, 0],
] as const;
const ALL_TYPES = ['float32', 'int32', 'bool'] as const;

const operations: Readonly<Record<string, Binary>> = {
  Add: { specials: NONFINITE },
  Sub: { specials: NONFINITE },
  Multiply: { specials: NONFINITE },
  RealDiv: { types: ['float32'], secondRange: [0.5, 3], specials: NONFINITE },
  FloorDiv: { range: [-9, 9], secondRange: [-4, 4], differentiable: false },
  Mod: { range: [-9, 9], secondRange: [-4, 4] },
  Maximum: { range: [-3, 3], types: ALL_TYPES, specials: NONFINITE },
  Minimum: { range: [-3, 3], types: ALL_TYPES, specials: NONFINITE },
  Pow: { range: [0.2, 3], secondRange: [-2, 3] },
  SquaredDifference: {},
  Atan2: {
    types: ['float32'],
    specials: [
      [0, 0, 1, -1, 1, -1],
      [0, -1, 0, 0, -1, -1],
    ],
  },
  Prelu: { types: ['float32'], names: ['x', 'alpha'] },
  BitwiseAnd: {
    types: ['int32'],
    range: [-(2 ** 31), 2 ** 31],
    secondRange: [-(2 ** 31), 2 ** 31],
    differentiable: false,
  },
  Greater: { range: [-3, 3], types: ALL_TYPES, differentiable: false, specials: NONFINITE },
  GreaterEqual: { range: [-3, 3], types: ALL_TYPES, differentiable: false, specials: NONFINITE },
  Less: { range: [-3, 3], types: ALL_TYPES, differentiable: false, specials: NONFINITE },
  LessEqual: { range: [-3, 3], types: ALL_TYPES, differentiable: false, specials: NONFINITE },
  Equal: { range: [-3, 3], types: ALL_TYPES, differentiable: false, specials: NONFINITE },
  NotEqual: { range: [-3, 3], types: ALL_TYPES, differentiable: false, specials: NONFINITE },
  LogicalAnd: { types: ['bool'], differentiable: false },
  LogicalOr: { types: ['bool'], differentiable: false },
};

function instances(name: string, operation: Binary): fc.Arbitrary<Instance> {
  const { range = [-3, 3], secondRange = range, types = ['float32', 'int32'], specials } = operation;
  return fc
    .tuple(broadcasting(2), fc.constantFrom(...types), fc.boolean(), fc.boolean())
    .chain(([[first, second], dtype, whole, special]) => {
      const isSpecial = special && specials !== undefined && dtype === 'float32';
      const values = (index: 0 | 1) => (isSpecial ? { values: specials[index] } : {});
      const sameShape = name === 'BitwiseAnd' ? first! : second!;
      return fc
        .tuple(
          input(first!, { dtype, range, whole, ...values(0), constant: 'sometimes' }),
          input(sameShape, { dtype, range: secondRange, whole, ...values(1), constant: 'sometimes' }),
        )
        .map((inputs): Instance => {
          const smooth = operation.differentiable !== false && dtype === 'float32' && !whole && !isSpecial;
          const differentiable = smooth && hasGradient(name, first!, second!);
          return {
            inputs,
            run: kernel(name, operation.names ?? ['a', 'b']),
            attributes: { dtype, whole, isSpecial },
            gradients: differentiable ? [0, 1] : [],
          };
        });
    });
}

/** Not all of TensorFlow.js' gradients are for operands that broadcast. */
function hasGradient(name: string, first: number[], second: number[]): boolean {
  const whole = tf.backend_util.assertAndGetBroadcastShape(first, second).join();
  if (name === 'Prelu') return first.join() === whole;
  return !['Maximum', 'Minimum', 'SquaredDifference'].includes(name) || first.join() === second.join();
}

// tf.where of tensors without elements has one on tfjs-cpu.
const select = fc
  .tuple(broadcasting(3, { empty: false }), fc.constantFrom(...ALL_TYPES))
  .chain(([[condition, t, e], dtype]) =>
    fc
      .tuple(input(condition!, { dtype: 'bool' }), input(t!, { dtype }), input(e!, { dtype, constant: 'sometimes' }))
      .map((inputs): Instance => {
        return {
          inputs,
          run: (c, x, y) => tf.where(c as tf.Tensor<tf.Rank>, x!, y!),
          gradients: dtype === 'float32' ? [1, 2] : [],
        };
      }),
  );

const eluGradient = shapes([0, 4]).chain((shape) =>
  fc.tuple(input(shape), input(shape)).map((inputs): Instance => {
    return { inputs, run: kernel('EluGrad', ['dy', 'y']) };
  }),
);

const addN = fc
  .tuple(
    shapes([0, 4], { empty: true }),
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom<('float32' | 'int32')[]>('float32', 'int32'),
  )
  .chain(([shape, count, dtype]) =>
    fc
      .array(input(shape, { dtype, range: [-9, 9], constant: 'sometimes' }), { minLength: count, maxLength: count })
      .map((inputs: InputSpec[]): Instance => {
        return { inputs, run: (...xs) => tf.addN(xs), gradients: dtype === 'float32' ? inputs.map((_, i) => i) : [] };
      }),
  );

export const binaryCases: CaseTable = {
  ...Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, instances(name, operation)])),
  Select: select,
  EluGrad: eluGradient,
  AddN: addN,
};
