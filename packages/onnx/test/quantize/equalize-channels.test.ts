import { describe, expect, it } from 'vitest';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';
import { equalizeChannels } from '../../src/quantize/equalize-channels.js';
import { runGraph } from './run-graph.js';

/** x, a convolution of two channels, a batch-norm of each `reader`, a sum of those. */
function network(reader: 'batch-norm' | 'both'): OnnxGraph {
  const graph = new GraphBuilder();
  const vector = (...values: number[]) => graph.constant(Float32Array.from(values), [values.length], 'float32');
  const square = (...values: number[]) => graph.constant(Float32Array.from(values), [2, 2, 1, 1], 'float32');
  const x = graph.input('x', 'float32', [1, 2, 1, 1]);
  const wide = graph.emit('Conv', [x, square(8, 0, 0, 0.5), vector(1, 0.25)]);
  const normalized = graph.emit('BatchNormalization', [wide, vector(1, 2), vector(3, 4), vector(5, 6), vector(1, 4)], {
    epsilon: { float: 0 },
  });
  const last = graph.emit('Conv', [graph.emit('Relu', [normalized]), square(1, 2, 3, 4)]);
  const other = reader === 'both' ? graph.emit('Conv', [wide, square(1, 1, 1, 1)]) : x;
  graph.output('y', graph.emit('Add', [last, other]), 'float32', [1, 2, 1, 1]);
  return graph.finish();
}

const wideOf = (graph: OnnxGraph) => graph.nodes[0]!.outputs[0]!;
const filterOf = (graph: OnnxGraph) => {
  const node = graph.nodes[0]!;
  return [...(graph.constants.find(({ name }) => name === node.inputs[1])!.data as Float32Array)];
};

describe('equalizeChannels', () => {
  const x = Float32Array.of(1.5, -2);

  it('makes channels that only batch-norms read fill all that codes cover', async () => {
    const graph = network('batch-norm');
    const { graph: equalized, factorsOf } = equalizeChannels(
      graph,
      new Map([[wideOf(graph), Float32Array.of(1, 1 / 8)]]),
    );
    expect(factorsOf(wideOf(graph))).toEqual([1, 8]);
    expect(filterOf(equalized)).toEqual([8, 0, 0, 4]);
    const [expected, actual] = [await runGraph(graph, { x }), await runGraph(equalized, { x })];
    expected['y']!.forEach((value, i) => expect(actual['y']![i]!).toBeCloseTo(value, 5));
  });

  it('leaves channels that a convolution reads too', () => {
    const graph = network('both');
    const { graph: equalized, factorsOf } = equalizeChannels(
      graph,
      new Map([[wideOf(graph), Float32Array.of(1, 1 / 8)]]),
    );
    expect(factorsOf(wideOf(graph))).toBeUndefined();
    expect(equalized.nodes).toEqual(graph.nodes);
  });

  it('limits the factor of channels that hold next to nothing', () => {
    const graph = network('batch-norm');
    const { factorsOf } = equalizeChannels(graph, new Map([[wideOf(graph), Float32Array.of(1, 0)]]));
    expect(factorsOf(wideOf(graph))).toEqual([1, 256]);
  });

  it('has nothing to do where nothing is known', () => {
    const graph = network('batch-norm');
    expect(equalizeChannels(graph, new Map()).graph.nodes).toEqual(graph.nodes);
  });
});
