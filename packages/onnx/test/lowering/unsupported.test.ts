import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { explainUnsupported, listUnsupportedKernels } from '../../src/lowering/unsupported.js';
import { traceFunction } from '../../src/trace.js';

const spec = { name: 'x', shape: [4], dtype: 'float32' } as const;

describe('a kernel that cannot be recorded', () => {
  it('has a reason', () => {
    for (const name of listUnsupportedKernels()) expect(explainUnsupported(name)).toMatch(/\w+/);
    expect(explainUnsupported('Conv2D')).toBeUndefined();
    expect(explainUnsupported('toString')).toBeUndefined();
  });

  it.each<[string, RegExp, (x: tf.Tensor) => tf.Tensor]>([
    ['Unique', /Unique.*shape of its result depends on the data/, (x) => tf.unique(x).values],
    ['Complex', /Complex.*complex numbers/, (x) => tf.real(tf.complex(x, x))],
    ['Multinomial', /Multinomial.*make them an input/, (x) => tf.multinomial(x as tf.Tensor1D, 2)],
  ])('says it where it is called: %s', (_, message, fn) => {
    expect(() => traceFunction(({ x }) => ({ y: fn(x!) }), [spec])).toThrow(message);
  });
});
