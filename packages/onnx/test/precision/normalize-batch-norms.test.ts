import { decodeHalfFloats, encodeHalfFloats } from '@hovernet/core';
import { runModelNatively } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/encode-model.js';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';
import { convertPrecision } from '../../src/precision/convert-precision.js';
import { normalizeBatchNorms } from '../../src/precision/normalize-batch-norms.js';
import { keepRounding } from './keep-rounding.js';

const image = Float32Array.from({ length: 32 }, (_, i) => 1000 + (i % 7) / 2);
const parameters = { scale: [2, 0.5], shift: [0.25, -1], mean: [1000.3, 998.7], variance: [3, 1e-6] };

/** A batch-norm over images `[1, 2, 4, 4]`, its parameters constants or inputs. */
function createGraph({ known }: { readonly known: boolean }): OnnxGraph {
  const builder = new GraphBuilder();
  const x = builder.input('x', 'float32', [1, 2, 4, 4]);
  const operands = Object.entries(parameters).map(([name, values]) =>
    known ? builder.constant(Float32Array.from(values), [2], 'float32', name) : builder.input(name, 'float32', [2]),
  );
  const y = builder.emit('BatchNormalization', [x, ...operands], { epsilon: { float: 1e-5 } });
  builder.output('y', y, 'float32', [1, 2, 4, 4]);
  return builder.finish();
}

/** Largest difference from the batch-norm in float64, relative to its largest magnitude. */
async function findError(graph: OnnxGraph): Promise<number> {
  const feeds = { x: { data: image, dims: [1, 2, 4, 4] } };
  const results = await runModelNatively(encodeModel(graph), feeds, { graphOptimizationLevel: 'disabled' });
  const expected = Array.from(image, (value, i) => {
    const [scale, shift, mean, variance] = Object.values(parameters).map((values) => values[Math.floor(i / 16)]!);
    return ((value - mean!) / Math.sqrt(variance! + 1e-5)) * scale! + shift!;
  });
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(results['y']!.data[i]! - value))) / largest;
}

describe('normalizeBatchNorms', () => {
  it('leaves batch-norms alone whose parameters are not known', () => {
    const graph = createGraph({ known: false });
    expect(normalizeBatchNorms(graph)).toEqual(graph);
  });

  it('changes nothing in float32 but for its rounding', async () => {
    // ONNX Runtime adds slope · x to shift − slope · mean, which are up to 400 times as large as their sum.
    expect(await findError(normalizeBatchNorms(createGraph({ known: true })))).toBeLessThan(400 * 2 ** -23);
  });

  it('keeps digits that float16 has no room for: a mean far from 0, a small variance', async () => {
    // The image is of float16 numbers, so that nothing but the parameters is rounded; of those the slope alone counts, once,
    // and the result.
    expect(decodeHalfFloats(encodeHalfFloats(image))).toEqual(image);
    const options = { precision: 'float16', float16Ports: false } as const;
    const converted = convertPrecision(normalizeBatchNorms(createGraph({ known: true })), options);
    expect(converted.nodes.map(({ op }) => op)).toEqual(['Cast', 'BatchNormalization', 'Cast']);
    expect(await findError(keepRounding(converted))).toBeLessThan(3 * 2 ** -11);
  });

  it('leaves a batch-norm in float32 whose mean is beyond float16', () => {
    const graph = createGraph({ known: true });
    const mean = graph.constants.find(({ name }) => name === 'mean')!;
    const far = graph.constants.map((each) => (each === mean ? { ...mean, data: Float32Array.of(1e5, 0) } : each));
    const options = { precision: 'float16', float16Ports: false } as const;
    const converted = convertPrecision(normalizeBatchNorms({ ...graph, constants: far }), options);
    expect(converted.nodes.map(({ op }) => op)).toEqual(['BatchNormalization']);
  });
});
