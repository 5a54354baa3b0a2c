import type { HostData } from '@hovernet/ops';
import { runModelNatively, type ModelArrays } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/encode-model.js';
import { traceProgram } from '../../src/index.js';
import { convertPrecision } from '../../src/precision/convert-precision.js';
import { foldBatchNorms } from '../../src/quantize/fold-batch-norms.js';
import { normalizeBatchNorms } from '../../src/precision/normalize-batch-norms.js';
import { feedsOf, forwardCase, trainStepCase } from '../validity/programs.js';
import { keepRounding } from './keep-rounding.js';

/** What rounding to float16 changes at most, relative to the number. */
const roundoff = 2 ** -11;

/** Largest difference, relative to the largest magnitude, of `actual` divided by `scale`. */
function difference(actual: HostData, reference: HostData, scale = 1): number {
  let [worst, largest] = [0, 0];
  reference.forEach((value, i) => {
    worst = Math.max(worst, Math.abs(actual[i]! / scale - value));
    largest = Math.max(largest, Math.abs(value));
  });
  return worst / largest;
}

describe('the forward pass of a small network', () => {
  const constants = new Map(Object.entries(forwardCase.feeds).filter(([name]) => name !== 'image'));
  const graph = traceProgram(forwardCase.program, { constants }).graph;
  const feeds = { image: feedsOf(forwardCase)['image']! };

  it.each(['mixed', 'float16'] as const)('in %s is the float32 one but for the rounding', async (precision) => {
    const prepared = precision === 'float16' ? normalizeBatchNorms(foldBatchNorms(graph)) : graph;
    const converted = convertPrecision(prepared, { precision, float16Ports: false });
    const exact = await runModelNatively(encodeModel(graph), feeds);
    const rounded = await runModelNatively(encodeModel(keepRounding(converted)), feeds, {
      graphOptimizationLevel: 'disabled',
    });
    const error = difference(rounded['logits']!.data, exact['logits']!.data);
    // Four convolutions lie on the way, each with its image, its filters and its result rounded once.
    expect(error).toBeLessThan(12 * roundoff);
    expect(error).toBeGreaterThan(0.1 * roundoff);
  });
});

describe('a train step in mixed precision', () => {
  const graph = traceProgram(trainStepCase.program).graph;
  const converted = keepRounding(convertPrecision(graph, { precision: 'mixed', float16Ports: false }));
  const model = encodeModel(converted);
  const run = (lossScale: number): Promise<ModelArrays> => {
    const feeds: ModelArrays = feedsOf(trainStepCase, { lossScale: Float32Array.of(lossScale) });
    return runModelNatively(model, feeds, { graphOptimizationLevel: 'disabled' });
  };
  const exact = runModelNatively(encodeModel(graph), feedsOf(trainStepCase));
  /** The largest difference of each gradient from the float32 one. */
  const gradientErrors = async (lossScale: number) => {
    const [rounded, reference] = [await run(lossScale), await exact];
    return Object.keys(rounded).flatMap((name) =>
      name === 'loss' ? [] : [difference(rounded[name]!.data, reference[name]!.data, lossScale)],
    );
  };

  it('has the gradients of float32 but for the rounding', async () => {
    // Twelve roundings on the way to the loss (see above), as many back.
    for (const error of await gradientErrors(1024)) expect(error).toBeLessThan(24 * roundoff);
    expect(difference((await run(1024))['loss']!.data, (await exact)['loss']!.data)).toBeLessThan(12 * roundoff);
  });

  it('has float32 gradients for float32 weights', () => {
    expect([...converted.inputs, ...converted.outputs].every(({ type }) => type === 'float32')).toBe(true);
  });

  it('loses small gradients, which a loss scale brings into the range of float16', async () => {
    const small = await gradientErrors(2 ** -18);
    expect(Math.max(...small)).toBeGreaterThan(24 * roundoff);
  });

  it('shows an overflow as gradients that are not finite, and the loss as it is', async () => {
    const results = await run(2 ** 20);
    expect(Number.isFinite(results['loss']!.data[0])).toBe(true);
    const overflown = Object.keys(results).filter((name) => !results[name]!.data.every(Number.isFinite));
    expect(overflown).toContain('gradient/first.weight');
    expect(overflown).toContain('gradient/head.weight');
  });
});
