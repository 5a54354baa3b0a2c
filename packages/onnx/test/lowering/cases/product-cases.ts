// Matrix products and what is fused with them.
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { input, kernel, type CaseTable, type Instance } from './instance.js';

const length = fc.integer({ min: 1, max: 4 });
export const activations = fc.constantFrom('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu');

const matrices = fc.tuple(
  length,
  length,
  length,
  fc.constantFrom<number[][]>([], [2], [3, 2], [1, 2]),
  fc.boolean(),
  fc.boolean(),
);

const batchMatMul = fc
  .tuple(matrices, fc.constantFrom<('float32' | 'int32')[]>('float32', 'int32'), fc.boolean())
  .chain(([[rows, inner, columns, batch, transposeA, transposeB], dtype, shared]) => {
    const a = [...batch, ...(transposeA ? [inner, rows] : [rows, inner])];
    // The kernel broadcasts a batch of one.
    const b = [...(shared ? batch.map(() => 1) : batch), ...(transposeB ? [columns, inner] : [inner, columns])];
    return fc
      .tuple(input(a, { dtype, range: [-4, 4] }), input(b, { dtype, range: [-4, 4], constant: 'sometimes' }))
      .map((inputs): Instance => {
        const attributes = { transposeA, transposeB };
        const differentiable = dtype === 'float32' && !shared;
        return {
          inputs,
          run: kernel('BatchMatMul', ['a', 'b'], attributes),
          attributes,
          gradients: differentiable ? [0, 1] : [],
        };
      });
  });

const fusedMatMul = fc
  .tuple(matrices, activations, fc.boolean())
  .chain(([[rows, inner, columns, , transposeA, transposeB], activation, biased]) => {
    const shapesOf = [
      transposeA ? [inner, rows] : [rows, inner],
      transposeB ? [columns, inner] : [inner, columns],
      ...(biased ? [[columns]] : []),
      ...(activation === 'prelu' ? [[columns]] : []),
    ];
    const names = [
      'a',
      'b',
      ...(biased ? ['bias'] : []),
      ...(activation === 'prelu' ? ['preluActivationWeights'] : []),
    ];
    return fc.tuple(...shapesOf.map((shape) => input(shape, { range: [-2, 2] }))).map((inputs): Instance => {
      const attributes = { transposeA, transposeB, activation, leakyreluAlpha: 0.3 };
      return { inputs, run: kernel('_FusedMatMul', names, attributes), attributes };
    });
  });

const einsum = fc
  .constantFrom<[string, number[][]][]>(
    [
      'ij,jk->ik',
      [
        [2, 3],
        [3, 4],
      ],
    ],
    [
      'bij,bjk->bik',
      [
        [2, 2, 3],
        [2, 3, 2],
      ],
    ],
    [
      'ij,ij->',
      [
        [2, 3],
        [2, 3],
      ],
    ],
    ['ij->ji', [[2, 3]]],
    ['ijk->j', [[2, 3, 2]]],
    ['i,j->ij', [[3], [2]]],
    [
      'bhwc,cd->bhwd',
      [
        [1, 2, 3, 2],
        [2, 3],
      ],
    ],
  )
  .chain(([equation, shapesOf]) =>
    fc.tuple(...shapesOf.map((shape) => input(shape))).map((inputs): Instance => {
      return { inputs, run: (...xs) => tf.einsum(equation, ...xs), attributes: { equation } };
    }),
  );

export const productCases: CaseTable = {
  BatchMatMul: batchMatMul,
  _FusedMatMul: fusedMatMul,
  Einsum: einsum,
};
