// Kernels that move, cut, join and repeat elements, and those that make tensors of attributes.
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import type { InputSpec } from '../../support.js';
import { axisOf, input, kernel, shapes, type CaseTable, type Instance } from './instance.js';

const types = fc.constantFrom<('float32' | 'int32' | 'bool')[]>('float32', 'int32', 'bool');

/** Instances of one input: `attributesOf` draws the attributes for its shape. */
function ofOneInput(
  name: string,
  {
    rank = [1, 4],
    inputName = 'x',
    attributesOf,
    differentiable = true,
    empty = false,
  }: {
    readonly rank?: number | readonly [number, number];
    readonly inputName?: string;
    readonly attributesOf: (shape: readonly number[]) => fc.Arbitrary<object>;
    readonly differentiable?: boolean;
    readonly empty?: boolean;
  },
): fc.Arbitrary<Instance> {
  return fc.tuple(shapes(rank, { empty }), types).chain(([shape, dtype]) =>
    fc
      .tuple(input(shape, { dtype, range: [-5, 5], constant: 'sometimes' }), attributesOf(shape))
      .map(([x, attributes]): Instance => {
        return {
          inputs: [x],
          run: kernel(name, [inputName], attributes),
          attributes,
          gradients: differentiable && dtype === 'float32' ? [0] : [],
        };
      }),
  );
}

/** Another shape of as many elements: axes split, merged and of length 1. */
function reshaped(shape: readonly number[]): fc.Arbitrary<{ shape: number[] }> {
  const factors = shape.flatMap((length) => (length === 4 ? [2, 2] : [length]));
  return fc
    .array(fc.constantFrom('merge', 'keep', 'unit'), { minLength: factors.length, maxLength: factors.length })
    .map((steps) => {
      const lengths = [1];
      factors.forEach((factor, index) => {
        if (steps[index] === 'merge') lengths[lengths.length - 1]! *= factor;
        else lengths.push(...(steps[index] === 'unit' ? [1] : []), factor);
      });
      return { shape: lengths };
    });
}

/** A reshaped value that lies in an odd order or is yet to be broadcast, so that axes have to be matched. */
const lazyReshape = shapes([2, 4]).chain((shape) =>
  fc
    .tuple(input(shape.map((length, axis) => (axis % 2 ? length : 1))), reshaped(shape))
    .map(([x, target]): Instance => {
      return {
        inputs: [x],
        run: (value) => tf.reshape(tf.broadcastTo(value!, [...shape]), target.shape),
        gradients: [0],
      };
    }),
);

function paddings(shape: readonly number[], mirror?: 'reflect' | 'symmetric'): fc.Arbitrary<[number, number][]> {
  const most = (length: number) => (mirror ? length - (mirror === 'reflect' ? 1 : 0) : 2);
  return fc.tuple(
    ...shape.map((length) => {
      const amount = fc.integer({ min: 0, max: Math.min(2, most(length)) });
      return fc.tuple(amount, amount);
    }),
  );
}

const stridedSlice = shapes([1, 4], { longest: 6 })
  .chain((shape) => {
    const each = (min: number, max: number) =>
      fc.array(fc.integer({ min, max }), { minLength: shape.length, maxLength: shape.length });
    const mask = fc.nat({ max: 2 ** shape.length - 1 });
    return fc
      .tuple(input(shape), each(-6, 6), each(-6, 6), each(1, 3), each(0, 1), mask, mask, mask)
      .map(([x, begin, end, steps, backwards, beginMask, endMask, shrinkAxisMask]): Instance => {
        const strides = steps.map((step, axis) => (backwards[axis] ? -step : step));
        // tfjs-cpu mixes up the axes where one is shrunk and another cut with a stride.
        const shrunk = strides.every((stride) => stride === 1) ? shrinkAxisMask : 0;
        const masks = { beginMask, endMask, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: shrunk };
        const attributes = { begin, end, strides, ...masks };
        return { inputs: [x], run: kernel('StridedSlice', ['x'], attributes), attributes };
      });
  })
  .filter(runsEagerly);

/** Whether tfjs-cpu accepts the attributes: it fails on some slices without elements and some shrunk axes. */
function runsEagerly({ inputs, run }: Instance): boolean {
  try {
    tf.tidy(() => void run(...inputs.map(({ shape }) => tf.zeros([...shape]))));
    return true;
  } catch {
    return false;
  }
}

function joined(name: 'Concat' | 'Pack'): fc.Arbitrary<Instance> {
  return fc
    .tuple(shapes([1, 4], { empty: true }), types, fc.integer({ min: 1, max: 4 }), fc.nat())
    .chain(([shape, dtype, count, draw]) => {
      const axis = draw % shape.length;
      const part = fc.integer({ min: 0, max: 3 }).chain((length) => {
        const own = shape.map((whole, index) => (name === 'Concat' && index === axis ? length : whole));
        return input(own, { dtype, constant: 'sometimes' });
      });
      return fc.array(part, { minLength: count, maxLength: count }).map((inputs: InputSpec[]): Instance => {
        return {
          inputs,
          run: (...xs) => (name === 'Concat' ? tf.concat(xs, axis) : tf.stack(xs, axis)),
          attributes: { axis },
          gradients:
            dtype === 'float32' && inputs.every((x) => !x.shape.includes(0)) ? inputs.map((_, index) => index) : [],
        };
      });
    });
}

const splits = shapes([1, 4]).chain((shape) =>
  fc.tuple(input(shape), axisOf(shape), fc.boolean()).map(([x, given, even]): Instance => {
    const axis = given < 0 ? given + shape.length : given;
    const length = shape[axis]!;
    const numOrSizeSplits = even ? length : length > 1 ? [1, -1] : [1];
    return {
      inputs: [x],
      run: kernel('SplitV', ['x'], { numOrSizeSplits, axis }),
      attributes: { numOrSizeSplits, axis },
    };
  }),
);

const made = (name: string, attributes: fc.Arbitrary<object>): fc.Arbitrary<Instance> =>
  attributes.map((given) => {
    return { inputs: [], run: kernel(name, [], given), attributes: given };
  });

const permutation = (shape: readonly number[]) =>
  fc
    .shuffledSubarray(
      shape.map((_, axis) => axis),
      { minLength: shape.length, maxLength: shape.length },
    )
    .map((perm) => ({ perm }));

const unpackSeveral = shapes([0, 3]).chain((shape) =>
  input([2, ...shape]).map((x): Instance => {
    return { inputs: [x], run: kernel('Unpack', ['value'], { axis: 0 }), gradients: [0] };
  }),
);

export const shapeCases: CaseTable = {
  Reshape: ofOneInput('Reshape', { attributesOf: reshaped, empty: true }),
  'Reshape of a broadcast value': lazyReshape,
  ExpandDims: ofOneInput('ExpandDims', {
    rank: [0, 3],
    inputName: 'input',
    attributesOf: (shape) => fc.integer({ min: 0, max: shape.length }).map((dim) => ({ dim })),
  }),
  Transpose: ofOneInput('Transpose', { attributesOf: permutation }),
  Slice: ofOneInput('Slice', {
    attributesOf: (shape) =>
      fc
        .tuple(...shape.map((length) => fc.nat({ max: length - 1 })))
        .chain((begin) =>
          fc
            .tuple(
              ...shape.map((length, axis) =>
                fc.constantFrom(-1, ...Array.from({ length: length - begin[axis]! }, (_, i) => i + 1)),
              ),
            )
            .map((size) => ({ begin, size })),
        ),
  }),
  StridedSlice: stridedSlice,
  SplitV: splits,
  Unpack: ofOneInput('Unpack', {
    inputName: 'value',
    attributesOf: (shape) => fc.nat({ max: shape.length - 1 }).map((axis) => ({ axis })),
    // TensorFlow.js has no gradient of a single part.
    differentiable: false,
  }),
  'Unpack into several': unpackSeveral,
  Reverse: ofOneInput('Reverse', {
    attributesOf: (shape) => fc.subarray(shape.map((_, axis) => axis)).map((dims) => ({ dims })),
  }),
  FlipLeftRight: ofOneInput('FlipLeftRight', {
    rank: 4,
    inputName: 'image',
    attributesOf: () => fc.constant({}),
    differentiable: false,
  }),
  Concat: joined('Concat'),
  Pack: joined('Pack'),
  PadV2: ofOneInput('PadV2', {
    attributesOf: (shape) =>
      fc
        .tuple(paddings(shape), fc.constantFrom(0, 1))
        .map(([amounts, constantValue]) => ({ paddings: amounts, constantValue })),
  }),
  MirrorPad: ofOneInput('MirrorPad', {
    attributesOf: (shape) =>
      fc
        .constantFrom('reflect', 'symmetric')
        .chain((mode) => paddings(shape, mode).map((amounts) => ({ paddings: amounts, mode }))),
  }),
  Tile: ofOneInput('Tile', {
    attributesOf: (shape) => fc.tuple(...shape.map(() => fc.integer({ min: 1, max: 3 }))).map((reps) => ({ reps })),
  }),
  Fill: made(
    'Fill',
    fc.tuple(shapes([0, 3]), fc.constantFrom('float32', 'int32')).map(([shape, dtype]) => ({ shape, value: 3, dtype })),
  ),
  Range: made(
    'Range',
    fc
      .tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), fc.constantFrom(1, 2, 0.3, -1))
      .map(([start, stop, step]) => ({ start, stop, step, dtype: 'float32' })),
  ),
  LinSpace: made(
    'LinSpace',
    fc.integer({ min: 1, max: 9 }).map((num) => ({ start: -1, stop: 2, num })),
  ),
};
