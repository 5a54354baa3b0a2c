import { describe, expect, it } from 'vitest';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';
import { calibrate } from '../../src/quantize/calibrate.js';
import { observeValues } from '../../src/quantize/observe-values.js';
import { quantizeGraph } from '../../src/quantize/quantize-graph.js';
import { runGraph, startGraph } from './run-graph.js';

/** x `[1, 2, 1, 2]` times 1 and −10 by channel, and a convolution that stays in float32. */
function scaleChannels(relu = false): OnnxGraph {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [1, 2, 1, 2]);
  const scaled = graph.emit('Conv', [x, graph.constant(Float32Array.of(1, 0, 0, -10), [2, 2, 1, 1], 'float32')]);
  const unit = graph.constant(Float32Array.of(1, 0, 0, 1), [2, 2, 1, 1], 'float32');
  graph.output('y', graph.emit('Conv', [relu ? graph.emit('Relu', [scaled]) : scaled, unit]), 'float32', [1, 2, 1, 2]);
  return graph.finish();
}

const samples = [{ x: Float32Array.of(1, 2, 3, 4) }, { x: Float32Array.of(-1, 0, 0.5, 1) }];

describe('observeValues', () => {
  it('tells the range of each channel and elements of all', async () => {
    const { graph, values } = observeValues(scaleChannels(), ['Conv_1'], 64);
    const observed = values.get('Conv_1')!;
    const results = await runGraph(graph, samples[0]!);
    expect(results[observed.min]).toEqual([1, -40]);
    expect(results[observed.max]).toEqual([2, -30]);
    const elements = results[observed.elements]!;
    const channels = [...observed.elementChannels];
    // Evenly: 16 of 64 for each of the four elements, but for one.
    for (const [value, channel] of [
      [1, 0],
      [2, 0],
      [-30, 1],
      [-40, 1],
    ] as const) {
      const count = elements.filter((element, i) => element === value && channels[i] === channel).length;
      expect(Math.abs(count - 16)).toBeLessThanOrEqual(1);
    }
  });

  it('refuses a value that it knows no dimensions of', () => {
    expect(() => observeValues(scaleChannels(), ['missing'], 4)).toThrow(/expected known dimensions of missing/);
  });
});

describe('calibrate', () => {
  it('finds the ranges over all samples', async () => {
    const { ranges } = await calibrate(scaleChannels(), { start: startGraph, samples });
    expect(Object.fromEntries(ranges)).toEqual({ x: { min: -1, max: 4 }, Conv_1: { min: -40, max: 2 } });
  });

  it('takes the range behind a ReLU that the convolution takes up', async () => {
    const graph = scaleChannels(true);
    const relu = graph.nodes.find(({ op }) => op === 'Relu')!.outputs[0]!;
    const { ranges } = await calibrate(graph, { start: startGraph, samples });
    expect(ranges.get(relu)).toEqual({ min: 0, max: 2 });
  });

  it('takes known ranges as they are, and tells of its progress', async () => {
    const known = new Map([['x', { min: -8, max: 8 }]]);
    const done: number[] = [];
    const { ranges } = await calibrate(
      scaleChannels(),
      { start: startGraph, samples },
      {
        known,
        onSample: (count) => done.push(count),
      },
    );
    expect(ranges.get('x')).toEqual({ min: -8, max: 8 });
    expect(done).toEqual([1, 2]);
  });

  it('makes a graph that runs of values which are always 0', async () => {
    const zeros = [{ x: new Float32Array(4) }];
    const quantized = quantizeGraph(await calibrate(scaleChannels(true), { start: startGraph, samples: zeros }));
    expect(quantized.constants.every(({ data }) => [...(data as Float32Array)].every(Number.isFinite))).toBe(true);
    expect((await runGraph(quantized, zeros[0]!))['y']).toEqual([0, 0, 0, 0]);
  });

  it('refuses to calibrate on nothing, and on what is no number', async () => {
    await expect(calibrate(scaleChannels(), { start: startGraph, samples: [] })).rejects.toThrow(
      /expected at least one sample, got none/,
    );
    const broken = [{ x: Float32Array.of(1, NaN, 2, 3) }];
    await expect(calibrate(scaleChannels(), { start: startGraph, samples: broken })).rejects.toThrow(
      /expected finite numbers/,
    );
  });

  it('frees its session where a run fails', async () => {
    let disposed = 0;
    const failing = () =>
      Promise.resolve({
        run: () => Promise.reject(new Error('no memory')),
        dispose: () => Promise.resolve(void disposed++),
      });
    await expect(calibrate(scaleChannels(), { start: failing, samples })).rejects.toThrow('no memory');
    expect(disposed).toBe(1);
  });
});
