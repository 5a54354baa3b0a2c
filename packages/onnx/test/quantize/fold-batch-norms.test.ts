import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/graph.js';
import { foldBatchNorms } from '../../src/quantize/fold-batch-norms.js';
import { runGraph } from './run-graph.js';
import { smallImages, smallNetwork } from './small-network.js';

const operations = (graph: { readonly nodes: readonly { readonly op: string }[] }, op: string) =>
  graph.nodes.filter((node) => node.op === op).length;

describe('foldBatchNorms', () => {
  it('folds those behind a convolution and leaves those behind a sum and a concatenation', () => {
    const graph = smallNetwork();
    const folded = foldBatchNorms(graph);
    expect(operations(graph, 'BatchNormalization')).toBe(5);
    expect(operations(folded, 'BatchNormalization')).toBe(2);
    expect(operations(folded, 'Conv')).toBe(operations(graph, 'Conv'));
  });

  it('changes results by rounding alone', async () => {
    const [image] = smallImages(1, 3);
    const { maps } = await runGraph(smallNetwork(), image!, { optimization: 'disabled' });
    const { maps: folded } = await runGraph(foldBatchNorms(smallNetwork()), image!, { optimization: 'disabled' });
    const largest = Math.max(...maps!.map(Math.abs));
    expect(Math.max(...maps!.map((value, i) => Math.abs(value - folded![i]!))) / largest).toBeLessThan(1e-5);
  });

  it('scales the filter and shifts the bias of each channel', () => {
    const graph = new GraphBuilder();
    const vector = (...values: number[]) => graph.constant(Float32Array.from(values), [values.length], 'float32');
    const filter = graph.constant(Float32Array.of(1, 2, 3, 4), [2, 2, 1, 1], 'float32', 'w');
    const x = graph.input('x', 'float32', [1, 2, 1, 1]);
    const y = graph.emit('Conv', [x, filter, vector(10, 20)]);
    const statistics = [vector(2, 3), vector(1, -1), vector(4, 8), vector(0.25, 9)];
    graph.output(
      'y',
      graph.emit('BatchNormalization', [y, ...statistics], { epsilon: { float: 0 } }),
      'float32',
      [1, 2, 1, 1],
    );
    const { constants } = foldBatchNorms(graph.finish());
    // γ/√variance is 2/0.5 = 4 and 3/3 = 1; biases are 4·(10 − 4) + 1 and 1·(20 − 8) − 1.
    expect(constants.map(({ data }) => [...(data as Float32Array)])).toEqual([
      [4, 8, 3, 4],
      [25, 11],
    ]);
  });

  it('leaves a convolution whose result something else reads too', () => {
    const graph = new GraphBuilder();
    const vector = (value: number) => graph.constant(Float32Array.of(value), [1], 'float32');
    const y = graph.emit('Conv', [
      graph.input('x', 'float32', [1, 1, 1, 1]),
      graph.constant(Float32Array.of(2), [1, 1, 1, 1], 'float32'),
    ]);
    const normalized = graph.emit('BatchNormalization', [y, vector(1), vector(2), vector(3), vector(4)]);
    graph.output('sum', graph.emit('Add', [y, normalized]), 'float32', [1, 1, 1, 1]);
    const finished = graph.finish();
    expect(foldBatchNorms(finished).nodes).toEqual(finished.nodes);
  });
});
