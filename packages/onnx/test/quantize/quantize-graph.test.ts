import { createRandom } from '@hovernet/core';
import { checkOnnxModels, hasOnnxChecker, runModelNatively } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/encode-model.js';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';
import { calibrate, type CalibratedGraph } from '../../src/quantize/calibrate.js';
import { equalizeChannels } from '../../src/quantize/equalize-channels.js';
import { foldBatchNorms } from '../../src/quantize/fold-batch-norms.js';
import { quantizeGraph } from '../../src/quantize/quantize-graph.js';
import { toOnnx } from '../../src/to-onnx.js';
import { relativeError, runGraph, startGraph } from './run-graph.js';
import { smallImages, smallNetwork } from './small-network.js';

interface TwoConvolutions {
  readonly filter: Float32Array;
  readonly bias?: Float32Array;
  /** Output channels, input channels. */
  readonly channels: readonly [number, number];
  /** Side of the filter. @default 1 */
  readonly size?: number;
  readonly relu?: boolean;
}

/** x, a convolution that is quantised, and one that gives its result unchanged and stays in float32. */
function twoConvolutions({ filter, bias, channels, size = 1, relu = false }: TwoConvolutions): OnnxGraph {
  const [out, inputs] = channels;
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [1, inputs, size, size]);
  const constants = [graph.constant(filter, [out, inputs, size, size], 'float32', 'filter')];
  if (bias) constants.push(graph.constant(bias, [out], 'float32', 'bias'));
  const computed = graph.emit('Conv', [x, ...constants]);
  const unit = Float32Array.from({ length: out * out }, (_, i) => (i % (out + 1) === 0 ? 1 : 0));
  const result = relu ? graph.emit('Relu', [computed]) : computed;
  const y = graph.emit('Conv', [result, graph.constant(unit, [out, out, 1, 1], 'float32')]);
  graph.output('y', y, 'float32', [1, out, 1, 1]);
  return graph.finish();
}

/** The graph with ranges of x and of what the first convolution gives. */
function withRanges(graph: OnnxGraph, x: [min: number, max: number], y: [min: number, max: number]): CalibratedGraph {
  const result = graph.nodes.at(-1)!.inputs[0]!;
  const [first, second] = [x, y].map(([min, max]) => ({ min, max }));
  return {
    graph,
    ranges: new Map([
      ['x', first!],
      [result, second!],
    ]),
    plan: {},
  };
}

const operations = (graph: OnnxGraph) => graph.nodes.map(({ op }) => op);

describe('a quantised convolution', () => {
  const filter = Float32Array.of(63, -21, 6.3, 12.6);
  const bias = Float32Array.of(5, -0.3);
  const x = Float32Array.of(10, 20);

  it.each(['all', 'disabled'] as const)(
    'gives the integers that one reckons by hand, optimisation %s',
    async (optimization) => {
      const graph = twoConvolutions({ filter, bias, channels: [2, 2] });
      // Codes [63, −21] of scale 1 and [32, 63] of scale 0.2: 630 − 420 + 5, and 0.2 · (320 + 1260 − 2) = 315.6.
      const quantized = quantizeGraph(withRanges(graph, [0, 255], [0, 510]));
      const { y } = await runGraph(quantized, { x }, { optimization });
      // To the nearest even number.
      expect(y).toEqual([216, 316]);
    },
  );

  it('stops at the ends of its range', async () => {
    const graph = twoConvolutions({ filter, bias, channels: [2, 2] });
    const { y } = await runGraph(quantizeGraph(withRanges(graph, [0, 255], [-100, 155])), { x });
    expect(y).toEqual([155, 155]);
    const negative = await runGraph(quantizeGraph(withRanges(graph, [0, 255], [-100, 155])), {
      x: Float32Array.of(0, 50),
    });
    expect(negative['y']).toEqual([-100, 155]);
  });

  it('takes up a ReLU where codes cannot be negative, and keeps it where they can', async () => {
    const graph = twoConvolutions({ filter, bias, channels: [2, 2], relu: true });
    const taken = quantizeGraph(withRanges(graph, [0, 255], [0, 255]));
    const kept = quantizeGraph(withRanges(graph, [0, 255], [-100, 155]));
    expect(operations(taken)).not.toContain('Relu');
    expect(operations(kept)).toContain('Relu');
    for (const quantized of [taken, kept]) {
      const { y } = await runGraph(quantized, { x: Float32Array.of(0, 5) });
      expect(y).toEqual([0, 63]);
    }
  });

  it('is off by no more than what rounding can add up to', async () => {
    const random = createRandom(7);
    const [out, inputs, size] = [8, 16, 3];
    const numbers = (count: number, range: number) =>
      Float32Array.from({ length: count }, () => random.uniform(-range, range));
    const weights = numbers(out * inputs * size * size, 0.2);
    const offsets = numbers(out, 1);
    const graph = twoConvolutions({ filter: weights, bias: offsets, channels: [out, inputs], size });
    const quantized = quantizeGraph(withRanges(graph, [-1, 1], [-4, 4]));
    const taps = inputs * size * size;
    let [worst, largestBound] = [0, 0];
    for (let run = 0; run < 20; run++) {
      const values = numbers(taps, 1);
      const { y } = await runGraph(quantized, { x: values });
      for (let channel = 0; channel < out; channel++) {
        const row = weights.subarray(channel * taps, (channel + 1) * taps);
        const exact = row.reduce((sum, weight, i) => sum + weight * values[i]!, offsets[channel]!);
        const weightStep = row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 63;
        const [xStep, yStep] = [2 / 255, 8 / 255];
        const sum = (array: Float32Array) => array.reduce((total, value) => total + Math.abs(value), 0);
        // Half a step of each input times its weight, of each weight times its input, of both, of the bias, of the result.
        const bound =
          (xStep * sum(row) + weightStep * sum(values) + (taps * xStep * weightStep) / 2 + xStep * weightStep + yStep) /
          2;
        worst = Math.max(worst, Math.abs(y![channel]! - exact) / bound);
        largestBound = Math.max(largestBound, bound);
      }
    }
    expect(worst).toBeLessThan(1);
    // And it is rounded at all.
    expect(worst).toBeGreaterThan(0.01);
  });

  it.each(['native', 'web'] as const)(
    'adds up 7-bit weights exactly where all products are the largest, %s',
    async (runtime) => {
      const inputs = 64;
      const signs = [() => 1, () => -1, (i: number) => (i % 4 < 2 ? 1 : -1)];
      const weights = Float32Array.from(
        { length: signs.length * inputs },
        (_, i) => 63 * signs[Math.floor(i / inputs)]!(i),
      );
      const graph = twoConvolutions({ filter: weights, channels: [signs.length, inputs] });
      const step = (255 * 63 * inputs) / 127;
      const quantized = quantizeGraph(withRanges(graph, [0, 255], [-127 * step, 128 * step]));
      const { y } = await runGraph(quantized, { x: new Float32Array(inputs).fill(255) }, { runtime });
      expect(y!.map((value) => Math.round(value / step))).toEqual([127, -127, 0]);
    },
  );
});

describe('a quantised network', () => {
  const known = new Map([['image', { min: 0, max: 1 }]]);
  const calibrateSmall = ({ graph = smallNetwork(), equalize = true } = {}) =>
    calibrate(graph, { start: startGraph, samples: smallImages(8, 1) }, { known, equalize });
  const errorOf = async (graph: OnnxGraph, exact: OnnxGraph) => {
    const [image] = smallImages(1, 99);
    const [actual, expected] = [await runGraph(graph, image!), await runGraph(exact, image!)];
    return relativeError(actual['maps']!, expected['maps']!);
  };

  it('computes in codes all but its last convolution', async () => {
    const quantized = quantizeGraph(await calibrateSmall());
    const floats = new Set(quantized.constants.flatMap(({ name, type }) => (type === 'float32' ? [name] : [])));
    const direct = quantized.nodes.filter(({ op, inputs }) => op === 'Conv' && floats.has(inputs[1]!));
    expect(direct).toHaveLength(1);
    expect(
      operations(quantized).filter((op) => op === 'Relu' || op === 'BatchNormalization' || op === 'MatMul'),
    ).toEqual([]);
    // 7 convolutions and 2 batch-norms of codes, and the last one.
    expect(operations(quantized).filter((op) => op === 'Conv')).toHaveLength(10);
  });

  it('comes as near to float32 as twenty roundings of 1/255 let it', async () => {
    const error = await errorOf(quantizeGraph(await calibrateSmall()), smallNetwork());
    expect(error).toBeLessThan(0.05);
    expect(error).toBeGreaterThan(0.0005);
  });

  it('means the same whether a runtime works in integers or as the nodes say', async () => {
    const quantized = quantizeGraph(await calibrateSmall());
    const [image] = smallImages(1, 5);
    const integers = await runGraph(quantized, image!);
    const floats = await runGraph(quantized, image!, { optimization: 'disabled' });
    // A tie that falls the other way is one code, which is what quantisation itself costs.
    expect(relativeError(integers['maps']!, floats['maps']!)).toBeLessThan(0.01);
  });

  it('gains from equal channels where they were uneven', async () => {
    const exact = smallNetwork();
    const folded = foldBatchNorms(exact);
    const sum = folded.nodes.find(({ op }) => op === 'Add')!.outputs[0]!;
    // Magnitudes that are not true make channels uneven: every other one 64 times as large.
    const untrue = new Map([[sum, Float32Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? 1 : 1 / 64))]]);
    const graph = equalizeChannels(folded, untrue).graph;
    const [equalized, plain] = [await calibrateSmall({ graph }), await calibrateSmall({ graph, equalize: false })];
    const [better, worse] = [
      await errorOf(quantizeGraph(equalized), exact),
      await errorOf(quantizeGraph(plain), exact),
    ];
    expect(better).toBeLessThan(worse / 2);
    // Equalising alone changes nothing but the rounding of float32.
    expect(await errorOf(equalized.graph, exact)).toBeLessThan(1e-5);
  });

  it('adds in float32 when asked to', async () => {
    const additions = 'float' as const;
    const calibrated = await calibrate(
      smallNetwork(),
      { start: startGraph, samples: smallImages(4, 1) },
      { known, additions },
    );
    expect(await errorOf(quantizeGraph(calibrated), smallNetwork())).toBeLessThan(0.05);
    const quantized = quantizeGraph(calibrated);
    const sums = quantized.nodes.filter(({ op }) => op === 'Add').map(({ outputs }) => outputs[0]!);
    expect(sums.some((name) => name.endsWith('/exact'))).toBe(false);
  });

  it('leaves in float32 what it is told to leave', async () => {
    const graph = smallNetwork();
    const grouped = (node: { attributes: OnnxGraph['nodes'][number]['attributes'] }) => node.attributes['group'] === 2;
    const calibrated = await calibrate(
      graph,
      { start: startGraph, samples: smallImages(2, 1) },
      { known, keepFloat: grouped },
    );
    const kept = quantizeGraph(calibrated).nodes.find((node) => node.op === 'Conv' && grouped(node))!;
    expect(graph.constants.map(({ name }) => name)).toContain(kept.inputs[1]);
  });

  it('runs any number of images at once, each as alone', async () => {
    const quantized = quantizeGraph(await calibrateSmall());
    const images = smallImages(3, 9).map(({ image }) => image as Float32Array);
    const runAll = async (bytes: Uint8Array, count: number) => {
      const data = Float32Array.from(images.slice(0, count).flatMap((image) => [...image]));
      return (await runModelNatively(bytes, { image: { data, dims: [count, 3, 12, 12] } }))['maps']!;
    };
    const dynamic = toOnnx(quantized, { dynamicBatch: true });
    const [three, one] = [await runAll(dynamic, 3), await runAll(dynamic, 1)];
    expect([three.dims, one.dims]).toEqual([
      [3, 2, 14, 14],
      [1, 2, 14, 14],
    ]);
    for (const [index, image] of images.entries()) {
      const alone = (await runGraph(quantized, { image }))['maps']!;
      // Codes are integers: only sums of the float32 head may differ.
      expect(relativeError([...three.data].slice(index * 392, (index + 1) * 392), alone)).toBeLessThan(1e-6);
    }
    expect([...one.data]).toEqual([...three.data].slice(0, 392));
  });

  it('says which range is missing', async () => {
    const { ranges, ...calibrated } = await calibrateSmall();
    const some = new Map([...ranges].slice(1));
    expect(() => quantizeGraph({ ...calibrated, ranges: some })).toThrow(/expected a range .*, got none for image/);
  });

  it.skipIf(!hasOnnxChecker())("is valid by ONNX's checker", async () => {
    const models = new Map([
      ['default', encodeModel(quantizeGraph(await calibrateSmall()))],
      ['8 bits', encodeModel(quantizeGraph(await calibrateSmall({ equalize: false }), { weightBits: 8 }))],
    ]);
    expect([...checkOnnxModels(models).values()].map(({ problem }) => problem)).toEqual([null, null]);
  });
});
