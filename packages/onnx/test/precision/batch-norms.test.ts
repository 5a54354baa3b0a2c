import { decodeHalfFloats, encodeHalfFloats } from '@hovernet/core';
import { runModelNatively } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/encode-model.js';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';
import { convertPrecision } from '../../src/precision/convert-precision.js';
import { foldBatchNorms } from '../../src/precision/fold-batch-norms.js';
import { normalizeBatchNorms } from '../../src/precision/normalize-batch-norms.js';
import { keepRounding } from './keep-rounding.js';

const image = Float32Array.from({ length: 32 }, (_, i) => 1000 + (i % 7) / 2);
const parameters = { scale: [2, 0.5], shift: [0.25, -1], mean: [1000.3, 998.7], variance: [3, 1e-6] };

/** A batch-norm with constant parameters over images `[1, 2, 4, 4]`, behind a convolution where `filters` are given. */
function normalizing(filters?: readonly number[], readsConvolution = false): OnnxGraph {
  const builder = new GraphBuilder();
  const dims = [1, 2, 4, 4];
  const constant = (name: string, values: readonly number[], shape = [values.length]) =>
    builder.constant(Float32Array.from(values), shape, 'float32', name);
  const x = builder.input('x', 'float32', dims);
  const y = filters
    ? builder.emit('Conv', [x, constant('filters', filters, [2, 2, 1, 1]), constant('bias', [3, -4])])
    : x;
  const operands = Object.entries(parameters).map(([name, values]) => constant(name, values));
  const z = builder.emit('BatchNormalization', [y, ...operands], { epsilon: { float: 1e-5 } });
  builder.output('z', z, 'float32', dims);
  if (readsConvolution) builder.output('y', y, 'float32', dims);
  return builder.finish();
}

/** In float64: what the batch-norm, behind the convolution, gives. */
function expected(filters?: readonly number[]): number[] {
  const convolved = Array.from(image, (value, i) => {
    if (!filters) return value;
    const channel = Math.floor(i / 16);
    const sum = filters[2 * channel]! * image[i % 16]! + filters[2 * channel + 1]! * image[16 + (i % 16)]!;
    return sum + [3, -4][channel]!;
  });
  return convolved.map((value, i) => {
    const channel = Math.floor(i / 16);
    const [scale, shift, mean, variance] = Object.values(parameters).map((values) => values[channel]!);
    return ((value - mean!) / Math.sqrt(variance! + 1e-5)) * scale! + shift!;
  });
}

async function run(graph: OnnxGraph): Promise<ArrayLike<number>> {
  const feeds = { x: { data: image, dims: [1, 2, 4, 4] } };
  const results = await runModelNatively(encodeModel(graph), feeds, { graphOptimizationLevel: 'disabled' });
  return results['z']!.data;
}

/** Largest difference, relative to the largest magnitude. */
function difference(actual: ArrayLike<number>, reference: readonly number[]): number {
  const scale = Math.max(...reference.map(Math.abs));
  return Math.max(...reference.map((value, i) => Math.abs(actual[i]! - value))) / scale;
}

describe('foldBatchNorms', () => {
  it('puts a batch-norm into the convolution before it', async () => {
    const filters = [1, 0.5, -0.25, 1];
    const folded = foldBatchNorms(normalizing(filters));
    expect(folded.nodes.map(({ op }) => op)).toEqual(['Conv']);
    expect(folded.constants.map(({ name }) => name.split('/')[1])).toEqual(['filter', 'bias']);
    // A float32 sum of terms near 10⁵ after scaling.
    expect(difference(await run(folded), expected(filters))).toBeLessThan(2e-6);
  });

  it('leaves a convolution alone whose result is read elsewhere', () => {
    const { nodes } = foldBatchNorms(normalizing([1, 0, 0, 1], true));
    expect(nodes.map(({ op }) => op)).toEqual(['Conv', 'BatchNormalization']);
  });

  it('leaves batch-norms alone whose parameters are not known', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', 'float32', [1, 2, 4, 4]);
    const operands = ['scale', 'shift', 'mean', 'variance'].map((name) => builder.input(name, 'float32', [2]));
    builder.output('y', builder.emit('BatchNormalization', [x, ...operands]), 'float32', [1, 2, 4, 4]);
    const graph = builder.finish();
    expect(foldBatchNorms(graph)).toEqual(graph);
    expect(normalizeBatchNorms(graph)).toEqual(graph);
  });
});

describe('normalizeBatchNorms', () => {
  it('changes nothing in float32 but for its rounding', async () => {
    // ONNX Runtime adds slope · x to shift − slope · mean, which are up to 400 times as large as their sum.
    expect(difference(await run(normalizeBatchNorms(normalizing())), expected())).toBeLessThan(400 * 2 ** -23);
  });

  it('keeps digits that float16 has no room for: a mean far from 0, a small variance', async () => {
    // The images are float16 numbers, so that nothing but the parameters is rounded; of those the slope alone counts,
    // once, and the result.
    expect(decodeHalfFloats(encodeHalfFloats(image))).toEqual(image);
    const options = { precision: 'float16', float16Ports: false } as const;
    const folded = convertPrecision(normalizeBatchNorms(normalizing()), options);
    expect(folded.nodes.map(({ op }) => op)).toEqual(['Cast', 'BatchNormalization', 'Cast']);
    expect(difference(await run(keepRounding(folded)), expected())).toBeLessThan(3 * 2 ** -11);
  });
});
