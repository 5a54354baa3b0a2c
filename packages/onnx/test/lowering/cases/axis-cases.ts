// Kernels that reduce, scan or search along axes.
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { axisOf, input, kernel, shapes, type CaseTable, type Instance } from './instance.js';

interface Reduction {
  /** @default ['float32', 'int32'] */
  readonly types?: readonly ('float32' | 'int32' | 'bool')[];
  readonly axesKey?: string;
  /** @default true */
  readonly differentiable?: boolean;
  readonly range?: readonly [number, number];
}

const reductions: Readonly<Record<string, Reduction>> = {
  Sum: { types: ['float32', 'int32', 'bool'] },
  Mean: { types: ['float32', 'int32', 'bool'] },
  Prod: { types: ['float32', 'int32', 'bool'], range: [0.5, 2] },
  Max: { types: ['float32', 'int32', 'bool'], axesKey: 'reductionIndices' },
  Min: { types: ['float32', 'int32', 'bool'] },
  All: { types: ['bool'], differentiable: false },
  Any: { types: ['bool'], differentiable: false },
};

function reductionInstances(name: string, reduction: Reduction): fc.Arbitrary<Instance> {
  const { types = ['float32', 'int32'], axesKey = 'axis', differentiable = true, range = [-4, 4] } = reduction;
  return fc
    .tuple(shapes([0, 4], { empty: name === 'Sum' }), fc.constantFrom(...types), fc.boolean(), fc.nat(), fc.boolean())
    .chain(([shape, dtype, whole, chosen, keepDims]) => {
      const axes = shape.map((_, axis) => axis).filter((axis) => (chosen >> axis) & 1);
      // Prod's gradient on TensorFlow.js is for one axis or all of them in order.
      const given = chosen % 5 === 0 ? undefined : axes.map((axis) => (chosen % 2 ? axis : axis - shape.length));
      return input(shape, { dtype, range, whole, constant: 'sometimes' }).map((x): Instance => {
        const isSmooth = differentiable && dtype === 'float32' && !(name === 'Prod' && (whole || given));
        return {
          inputs: [x],
          run: kernel(name, ['x'], { [axesKey]: given ?? null, keepDims }),
          attributes: { axes: given, keepDims },
          gradients: isSmooth ? [0] : [],
        };
      });
    });
}

/** Sums over axes that are yet to be broadcast. */
const lazySum = fc
  .tuple(shapes(3), fc.nat(), fc.constantFrom('sum', 'mean', 'prod', 'max'))
  .chain(([shape, chosen, name]) => {
    const axes = shape.map((_, axis) => axis).filter((axis) => (chosen >> axis) & 1);
    const short = shape.map((length, axis) => ((chosen >> (axis + 3)) & 1 ? length : 1));
    return input(short).map((x): Instance => {
      return {
        inputs: [x],
        run: (value) => tf[name as 'sum'](tf.broadcastTo(value!, shape), axes),
        attributes: { name, axes },
      };
    });
  });

function argumentInstances(name: string): fc.Arbitrary<Instance> {
  return shapes([1, 4]).chain((shape) =>
    fc.tuple(input(shape, { range: [-3, 3], whole: true }), axisOf(shape)).map(([x, axis]): Instance => {
      return { inputs: [x], run: kernel(name, ['x'], { axis }), attributes: { axis } };
    }),
  );
}

function scanInstances(name: string): fc.Arbitrary<Instance> {
  const lengths = shapes([1, 4], { longest: 6 });
  return fc
    .tuple(lengths, fc.boolean(), fc.boolean(), fc.constantFrom<('float32' | 'int32')[]>('float32', 'int32'))
    .chain(([shape, exclusive, reverse, dtype]) =>
      fc.tuple(input(shape, { dtype, range: [-3, 3] }), axisOf(shape)).map(([x, axis]): Instance => {
        const attributes = { axis: axis < 0 ? axis + shape.length : axis, exclusive, reverse };
        const isDifferentiable = name === 'Cumsum' && dtype === 'float32' && attributes.axis === shape.length - 1;
        return {
          inputs: [x],
          run: kernel(name, ['x'], attributes),
          attributes,
          gradients: isDifferentiable ? [0] : [],
        };
      }),
    );
}

const softmax = shapes([1, 4]).chain((shape) =>
  input(shape, { range: [-6, 6] }).map((logits): Instance => {
    return { inputs: [logits], run: kernel('Softmax', ['logits'], { dim: shape.length - 1 }), gradients: [0] };
  }),
);

const topK = fc
  .tuple(shapes([1, 3], { longest: 6 }), fc.nat(), fc.constantFrom<('float32' | 'int32')[]>('float32', 'int32'))
  .chain(([shape, draw, dtype]) => {
    const k = 1 + (draw % shape.at(-1)!);
    return input(shape, { dtype, range: [-4, 4], whole: true }).map((x): Instance => {
      return { inputs: [x], run: kernel('TopK', ['x'], { k, sorted: true }), attributes: { k } };
    });
  });

export const axisCases: CaseTable = {
  ...Object.fromEntries(Object.entries(reductions).map(([name, each]) => [name, reductionInstances(name, each)])),
  'Sum of a broadcast value': lazySum,
  ArgMax: argumentInstances('ArgMax'),
  ArgMin: argumentInstances('ArgMin'),
  Cumsum: scanInstances('Cumsum'),
  Cumprod: scanInstances('Cumprod'),
  Softmax: softmax,
  TopK: topK,
};
