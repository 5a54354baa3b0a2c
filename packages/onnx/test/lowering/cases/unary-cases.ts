// Kernels of one value, element by element.
import fc from 'fast-check';
import { input, kernel, shapes, type CaseTable, type Instance } from './instance.js';

interface Unary {
  readonly range?: readonly [number, number];
  /** Types besides float32. @default none */
  readonly types?: readonly ('int32' | 'bool')[];
  /** Whether TensorFlow.js differentiates it. @default true */
  readonly differentiable?: boolean;
  /** Numbers that are tried besides random ones. @default none */
  readonly specials?: readonly number[];
  readonly relative?: number;
  readonly attributes?: fc.Arbitrary<object>;
  readonly inputName?: string;
}

const NONFINITE = [NaN, Infinity, -Infinity, 0, 1.5];

const functions: Readonly<Record<string, Unary>> = {
  Abs: { types: ['int32', 'bool'], specials: NONFINITE },
  Neg: { types: ['int32'], specials: NONFINITE },
  Sign: { types: ['int32'], specials: [Infinity, -Infinity, 0] },
  Square: { types: ['int32'], specials: NONFINITE },
  Sqrt: { range: [0.1, 4], types: ['int32'], specials: [NaN, Infinity, 0] },
  Rsqrt: { range: [0.1, 4], types: ['int32'], specials: [NaN, Infinity, 0] },
  Reciprocal: { range: [0.1, 4], types: ['int32'], specials: NONFINITE },
  Exp: { types: ['int32'], specials: NONFINITE },
  Expm1: { types: ['int32'], specials: [...NONFINITE, 1e-6, -1e-6, 1e-20, 80, -80] },
  Log: { range: [0.1, 4], types: ['int32'], specials: [NaN, Infinity, 0] },
  Log1p: { range: [-0.9, 4], types: ['int32'], specials: [NaN, Infinity, -1, 1e-6, -1e-6, 1e-20, 1e20, -2] },
  Erf: { range: [-3, 3], specials: [Infinity, -Infinity, 0] },
  Sin: { range: [-9, 9], types: ['int32'] },
  Cos: { range: [-9, 9], types: ['int32'] },
  Tan: { types: ['int32'] },
  Asin: { specials: [NaN, 2, -2, 1] },
  Acos: { specials: [NaN, 2, -2, 1] },
  Atan: { range: [-9, 9], types: ['int32'], specials: NONFINITE },
  Sinh: { range: [-4, 4] },
  Cosh: { range: [-4, 4] },
  Tanh: { range: [-4, 4], types: ['int32'], specials: NONFINITE },
  Asinh: { range: [-4, 4] },
  Acosh: { range: [1.1, 4], specials: [NaN, 0.5, 1, Infinity] },
  Atanh: { range: [-0.9, 0.9], specials: [NaN, 2, 1, -1] },
  Floor: { range: [-9, 9], types: ['int32'], specials: NONFINITE },
  Ceil: { range: [-9, 9], types: ['int32'], specials: NONFINITE },
  Round: { range: [-9, 9], types: ['int32'], specials: [0.5, 1.5, 2.5, -0.5, -1.5, NaN, Infinity] },
  Step: {
    types: ['int32'],
    specials: NONFINITE,
    attributes: fc.constantFrom({ alpha: 0 }, { alpha: 0.25 }, { alpha: -2 }),
  },
  ClipByValue: {
    range: [-3, 3],
    types: ['int32'],
    specials: [NaN, Infinity, -Infinity],
    attributes: fc.constantFrom(
      { clipValueMin: -0.5, clipValueMax: 1.25 },
      { clipValueMin: 0, clipValueMax: Infinity },
    ),
  },
  Relu: { types: ['int32'], specials: [Infinity, -Infinity, 0] },
  Relu6: { range: [-2, 9], types: ['int32'], specials: [Infinity, -Infinity, 0] },
  LeakyRelu: { types: ['int32'], attributes: fc.constantFrom({ alpha: 0.2 }, { alpha: 0 }, { alpha: 1.5 }) },
  Elu: { range: [-4, 4], types: ['int32'] },
  Selu: { range: [-4, 4], types: ['int32'] },
  Sigmoid: { range: [-9, 9], types: ['int32'], specials: NONFINITE },
  Softplus: { range: [-15, 15], specials: [0, 100, -100] },
  IsNan: { types: ['int32', 'bool'], specials: NONFINITE, differentiable: false },
  IsInf: { types: ['int32'], specials: NONFINITE, differentiable: false },
  IsFinite: { types: ['int32'], specials: NONFINITE, differentiable: false },
  LogicalNot: { types: ['bool'], differentiable: false },
  Identity: { types: ['int32', 'bool'] },
  ZerosLike: { types: ['int32', 'bool'], differentiable: false },
  OnesLike: { types: ['int32', 'bool'], differentiable: false },
};

function instances(name: string, unary: Unary): fc.Arbitrary<Instance> {
  const { range = [-2, 2], types = [], specials, differentiable = true } = unary;
  const onlyBool = name === 'LogicalNot';
  const dtypes = fc.constantFrom<('float32' | 'int32' | 'bool')[]>(...(onlyBool ? [] : ['float32' as const]), ...types);
  return fc
    .tuple(shapes([0, 4], { empty: true }), dtypes, fc.boolean(), unary.attributes ?? fc.constant({}))
    .chain(([shape, dtype, special, attributes]) => {
      const values = special && specials && dtype === 'float32' ? { values: specials } : {};
      const wide = dtype === 'int32' ? ([range[0] * 2, range[1] * 2] as const) : range;
      return input(shape, { dtype, range: wide, ...values, constant: 'sometimes' }).map((x): Instance => {
        return {
          inputs: [x],
          run: kernel(name, ['x'], attributes),
          attributes,
          gradients: differentiable && dtype === 'float32' && !('values' in values) ? [0] : [],
        };
      });
    });
}

const casts = fc
  .tuple(
    shapes([0, 3]),
    fc.constantFrom<('float32' | 'int32' | 'bool')[]>('float32', 'int32', 'bool'),
    fc.constantFrom('float32', 'int32', 'bool'),
    fc.boolean(),
  )
  .chain(([shape, from, to, special]) => {
    const values = special && from === 'float32' ? { values: [NaN, Infinity, 0, -0.5, 7.9, -7.9] } : {};
    return input(shape, { dtype: from, range: [-3, 3], ...values }).map((x): Instance => {
      return { inputs: [x], run: kernel('Cast', ['x'], { dtype: to }), attributes: { from, to } };
    });
  });

export const unaryCases: CaseTable = {
  ...Object.fromEntries(Object.entries(functions).map(([name, unary]) => [name, instances(name, unary)])),
  Cast: casts,
};
