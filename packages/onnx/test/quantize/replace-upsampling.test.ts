import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/graph.js';
import { replaceUpsampling } from '../../src/quantize/replace-upsampling.js';
import { runGraph } from './run-graph.js';
import { interpolation, smallImages, smallNetwork } from './small-network.js';

/** x `[1, 1, 3, 4]` times the matrices that enlarge it, `rows` first or last. */
function products(rows: Float32Array, order: 'rows first' | 'columns first') {
  const graph = new GraphBuilder();
  const left = graph.constant(rows, [6, 3], 'float32');
  const right = graph.constant(interpolation(4, true), [4, 8], 'float32');
  const x = graph.input('x', 'float32', [1, 1, 3, 4]);
  const y =
    order === 'rows first'
      ? graph.emit('MatMul', [graph.emit('MatMul', [left, x]), right])
      : graph.emit('MatMul', [left, graph.emit('MatMul', [x, right])]);
  graph.output('y', y, 'float32', [1, 1, 6, 8]);
  return graph.finish();
}

describe('replaceUpsampling', () => {
  it.each(['rows first', 'columns first'] as const)('computes the same by one Resize, %s', async (order) => {
    const graph = products(interpolation(3, false), order);
    const replaced = replaceUpsampling(graph);
    expect(replaced.nodes.map(({ op }) => op)).toEqual(['Resize']);
    const x = Float32Array.from({ length: 12 }, (_, i) => (i * 7) % 12);
    const [expected, actual] = [await runGraph(graph, { x }), await runGraph(replaced, { x })];
    expected['y']!.forEach((value, i) => expect(actual['y']![i]!).toBeCloseTo(value, 5));
  });

  it('finds the one of a network', () => {
    const replaced = replaceUpsampling(smallNetwork());
    expect(replaced.nodes.filter(({ op }) => op === 'MatMul' || op === 'Resize').map(({ op }) => op)).toEqual([
      'Resize',
    ]);
  });

  it('leaves products with other matrices', () => {
    const rows = interpolation(3, false);
    rows[4]! += 0.01;
    const graph = products(rows, 'rows first');
    expect(replaceUpsampling(graph)).toEqual(graph);
  });

  it('computes the same in the network', async () => {
    const [image] = smallImages(1, 4);
    const [expected, actual] = [
      await runGraph(smallNetwork(), image!),
      await runGraph(replaceUpsampling(smallNetwork()), image!),
    ];
    // Two orders of summation over the same few products.
    expected['maps']!.forEach((value, i) => expect(Math.abs(actual['maps']![i]! - value)).toBeLessThan(1e-5));
  });
});
