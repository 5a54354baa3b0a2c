import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../src/graph.js';

describe('GraphBuilder', () => {
  it('keeps named constants of one shape apart', () => {
    const graph = new GraphBuilder();
    const first = graph.constant(Float32Array.of(1, 2), [2], 'float32', 'a');
    const second = graph.constant(Float32Array.of(3, 4), [2], 'float32', 'b');
    graph.output('sum', graph.emit('Add', [first, second]), 'float32', [2]);
    expect(graph.finish().constants.map(({ name, data }) => [name, ...data])).toEqual([
      ['a', 1, 2],
      ['b', 3, 4],
    ]);
  });

  it('shares equal unnamed constants and equal nodes', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [2]);
    const first = graph.emit('Add', [x, graph.scalar(1)]);
    expect(graph.emit('Add', [x, graph.scalar(1)])).toBe(first);
    expect(graph.emit('Add', [x, graph.scalar(2)])).not.toBe(first);
  });

  it('drops what no output needs but keeps every input', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [2]);
    graph.input('unused', 'float32', [3]);
    graph.emit('Exp', [graph.emit('Neg', [x])]);
    graph.output('y', graph.emit('Sqrt', [x]), 'float32', [2]);
    const finished = graph.finish();
    expect(finished.nodes.map((node) => node.op)).toEqual(['Sqrt']);
    expect(finished.inputs.map((port) => port.name)).toEqual(['x', 'unused']);
  });
});
