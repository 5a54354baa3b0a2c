// Models that come out right on WebGPU too, whatever else is asked of them.
import { createRandom } from '@hovernet/core';
import { maxDifference, runModelNatively } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { toOnnx } from '../../src/index.js';
import { convolutionGraph } from '../webgpu/run-convolution.js';

const channels = 24;
const outChannels = 40;
const graph = convolutionGraph({ op: 'Conv', groups: 4, channels, outChannels, kernel: 3, stride: 1 });
const random = createRandom(1);
const uniform = (length: number) => Float32Array.from({ length }, () => random.uniform(-1, 1));
const weights = new Map([['filter', uniform(outChannels * (channels / 4) * 9)]]);
const [batch, , height, width] = graph.inputs[0]!.dims as [number, number, number, number];
const x = { data: uniform(batch * channels * height * width), dims: [batch, channels, height, width] };

const run = async (model: Uint8Array) => (await runModelNatively(model, { x }))['y']!;
const holds = (model: Uint8Array, text: string) => Buffer.from(model).includes(text);

describe('toOnnx with webgpu', () => {
  it.each([
    ['float32', false, 1e-5],
    ['float32', true, 1e-5],
    // Filters rounded to 11 bits, and sums of 54 products.
    ['float16', false, 2e-2],
    ['float16', true, 2e-2],
  ] as const)('computes the same in %s, dynamic batch %s', async (precision, dynamicBatch, tolerance) => {
    const adapted = toOnnx(graph, { weights, precision, dynamicBatch, webgpu: true });
    expect(holds(adapted, 'Split')).toBe(true);
    const expected = await run(toOnnx(graph, { weights }));
    const actual = await run(adapted);
    expect(actual.dims).toEqual(expected.dims);
    expect(maxDifference(actual.data, expected.data).value).toBeLessThan(tolerance);
  });

  it('is asked for: a model is as recorded without it', () => {
    expect(holds(toOnnx(graph, { weights }), 'Split')).toBe(false);
  });
});
