import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/encode-model.js';
import { GraphBuilder } from '../../src/graph.js';

describe('encodeModel', () => {
  it('copies elements of constants once, whatever part of a buffer they are', () => {
    const weights = Float32Array.of(9, 1, 2, 3).subarray(1);
    const builder = new GraphBuilder();
    const sum = builder.emit('Add', [builder.input('x', 'float32', [3]), builder.constant(weights, [3], 'float32')]);
    builder.output('y', sum, 'float32', [3]);
    const model = encodeModel(builder.finish());
    const elements = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
    const at = Buffer.from(model).indexOf(Buffer.from(elements));
    expect(at).toBeGreaterThan(0);
    expect(Buffer.from(model).indexOf(Buffer.from(elements), at + 1)).toBe(-1);
  });

  it('refuses a model that is too large for its format before it makes one', () => {
    // Zeros that are never touched take no memory.
    const data = new Float32Array(2 ** 27);
    const constants = ['a', 'b', 'c', 'd'].map((name) => {
      return { name, type: 'float32' as const, dims: [data.length], data };
    });
    const graph = { nodes: [], constants, inputs: [], outputs: [] };
    expect(() => encodeModel(graph)).toThrow(
      'encodeModel: expected a model of less than 2 GiB, which is what one file of this format holds, got 2.0 GiB; leave weights as inputs, or store them as float16',
    );
  });
});
