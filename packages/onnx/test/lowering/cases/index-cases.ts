// Kernels with indices, classes and bins.
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { input, kernel, shapes, type CaseTable, type Instance } from './instance.js';

const types = fc.constantFrom<('float32' | 'int32' | 'bool')[]>('float32', 'int32', 'bool');
const numbers = fc.constantFrom<('float32' | 'int32')[]>('float32', 'int32');

const gather = fc
  .tuple(shapes([1, 4]), fc.nat(), fc.nat(), types, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }))
  .chain(([shape, axisDraw, batchDraw, dtype, own]) => {
    const axis = axisDraw % shape.length;
    const batchDims = batchDraw % (axis + 1);
    const indices = [...shape.slice(0, batchDims), ...(batchDims > 0 && own.length === 0 ? [2] : own)];
    return fc
      .tuple(
        input(shape, { dtype, range: [-5, 5] }),
        input(indices, { dtype: 'int32', range: [0, shape[axis]!], constant: 'sometimes' }),
      )
      .map((inputs): Instance => {
        return {
          inputs,
          run: kernel('GatherV2', ['x', 'indices'], { axis, batchDims }),
          attributes: { axis, batchDims },
          gradients: dtype === 'float32' && batchDims === 0 && !inputs[0].constant && indices.length === 1 ? [0] : [],
        };
      });
  });

/** Shapes of a tensor, of rows of indices into it, and of what the rows point to. */
const rowsOfIndices = fc
  .tuple(shapes([1, 3]), fc.nat(), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }))
  .map(([shape, draw, outer]) => {
    const depth = 1 + (draw % shape.length);
    return { shape, indices: [...outer, depth], updates: [...outer, ...shape.slice(depth)] };
  });

const gatherNd = fc.tuple(rowsOfIndices, types).chain(([{ shape, indices }, dtype]) =>
  fc
    .tuple(
      input(shape, { dtype, range: [-5, 5] }),
      input(indices, { dtype: 'int32', range: [0, Math.min(...shape)], constant: 'sometimes' }),
    )
    .map((inputs): Instance => {
      return { inputs, run: kernel('GatherNd', ['params', 'indices']) };
    }),
);

const scatterNd = fc.tuple(rowsOfIndices, numbers).chain(([{ shape, indices, updates }, dtype]) =>
  fc
    .tuple(
      input(indices, { dtype: 'int32', range: [0, Math.min(...shape)], constant: 'sometimes' }),
      input(updates, { dtype, range: [-5, 5] }),
    )
    .map((inputs): Instance => {
      return { inputs, run: kernel('ScatterNd', ['indices', 'updates'], { shape }), attributes: { shape } };
    }),
);

/** Rows of indices that differ, because what wins is open otherwise. */
const distinctRows = fc
  .tuple(fc.integer({ min: 1, max: 4 }), shapes([0, 2]))
  .chain(([count, rest]) =>
    fc
      .shuffledSubarray([0, 1, 2, 3], { minLength: count, maxLength: count })
      .map((values) => ({ count, rest, values })),
  );

const tensorScatterUpdate = fc.tuple(distinctRows, types).chain(([{ count, rest, values }, dtype]) =>
  fc
    .tuple(
      input([4, ...rest], { dtype, range: [-5, 5] }),
      input([count, 1], { dtype: 'int32', values }),
      input([count, ...rest], { dtype, range: [-5, 5] }),
    )
    .map((inputs): Instance => {
      // A copy, because tfjs-cpu writes into its input.
      return {
        inputs,
        run: (tensor, indices, updates) => tf.tensorScatterUpdate(tf.reverse(tensor!, 0), indices!, updates!),
      };
    }),
);

const sparseToDense = fc
  .tuple(distinctRows, numbers, fc.constantFrom('column', 'vector', 'equal values'))
  .chain(([{ count, values }, dtype, form]) =>
    fc
      .tuple(
        input(form === 'vector' ? [count] : [count, 1], { dtype: 'int32', values }),
        input(form === 'equal values' ? [] : [count], { dtype, range: [-5, 5] }),
        input([], { dtype, range: [-5, 5], constant: 'sometimes' }),
      )
      .map((inputs): Instance => {
        const names = ['sparseIndices', 'sparseValues', 'defaultValue'];
        return { inputs, run: kernel('SparseToDense', names, { outputShape: [4] }), attributes: { form } };
      }),
  );

const oneHot = fc
  .tuple(shapes([0, 3]), fc.constantFrom([1, 0], [3, -1]), fc.constantFrom('float32', 'int32'))
  .chain(([shape, [onValue, offValue], dtype]) =>
    input(shape, { dtype: 'int32', range: [-2, 6] }).map((indices): Instance => {
      const attributes = { depth: 4, onValue, offValue, dtype };
      return { inputs: [indices], run: kernel('OneHot', ['indices'], attributes), attributes };
    }),
  );

const segmentSum = fc.tuple(shapes([1, 3], { longest: 6 }), numbers).chain(([shape, dtype]) =>
  fc
    .tuple(
      input(shape, { dtype, range: [-5, 5] }),
      input([shape[0]!], { dtype: 'int32', range: [-1, 4], constant: 'sometimes' }),
    )
    .map((inputs): Instance => {
      const run = kernel('UnsortedSegmentSum', ['x', 'segmentIds'], { numSegments: 4 });
      return { inputs, run, gradients: dtype === 'float32' ? [0] : [] };
    }),
);

function bincount(name: 'Bincount' | 'DenseBincount'): fc.Arbitrary<Instance> {
  const options = fc.tuple(
    shapes(name === 'Bincount' ? 1 : [1, 2], { longest: 6 }),
    fc.boolean(),
    fc.boolean(),
    numbers,
  );
  return options.chain(([shape, weighted, binary, dtype]) => {
    const binaryOutput = binary && name === 'DenseBincount' && shape.length === 2;
    return fc
      .tuple(input(shape, { dtype: 'int32', range: [0, 6] }), input(weighted ? shape : [0], { dtype, range: [1, 4] }))
      .map((inputs): Instance => {
        const attributes = { size: 4, binaryOutput };
        return { inputs, run: kernel(name, ['x', 'weights'], attributes), attributes };
      });
  });
}

const searchSorted = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('left', 'right'), numbers)
  .chain(([rows, side, dtype]) =>
    fc
      .tuple(
        input([rows, 5], { dtype, values: [-2, 0, 0, 1, 3] }),
        input([rows, 4], { dtype, range: [-4, 5], whole: true }),
      )
      .map((inputs): Instance => {
        return { inputs, run: kernel('SearchSorted', ['sortedSequence', 'values'], { side }), attributes: { side } };
      }),
  );

const diagonal = fc.tuple(shapes([1, 2]), types).chain(([shape, dtype]) =>
  input(shape, { dtype, range: [-5, 5] }).map((x): Instance => {
    return { inputs: [x], run: kernel('Diag', ['x']) };
  }),
);

const broadcastArgs = fc
  .tuple(input([3], { dtype: 'int32', values: [2, 1, 5] }), input([2], { dtype: 'int32', values: [4, 1] }))
  .map((inputs): Instance => {
    return { inputs, run: kernel('BroadcastArgs', ['s0', 's1']) };
  });

export const indexCases: CaseTable = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: tensorScatterUpdate,
  SparseToDense: sparseToDense,
  OneHot: oneHot,
  UnsortedSegmentSum: segmentSum,
  Bincount: bincount('Bincount'),
  DenseBincount: bincount('DenseBincount'),
  SearchSorted: searchSorted,
  Diag: diagonal,
  BroadcastArgs: broadcastArgs,
};
