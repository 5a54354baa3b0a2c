import { describe, expect, it } from 'vitest';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';
import { quantizeGraph } from '../../src/quantize/quantize-graph.js';
import { runGraph } from './run-graph.js';
import { interpolation } from './small-network.js';

/** x `[1, 1, 4, 4]` through a convolution that gives it unchanged, enlarged, and a last convolution. */
function enlarging(): OnnxGraph {
  const graph = new GraphBuilder();
  const unit = graph.constant(Float32Array.of(1), [1, 1, 1, 1], 'float32');
  const same = graph.emit('Conv', [graph.input('x', 'float32', [1, 1, 4, 4]), unit]);
  const enlarged = graph.emit('Resize', [same, '', graph.constant(Float32Array.of(1, 1, 2, 2), [4], 'float32')], {
    mode: 'linear',
    coordinate_transformation_mode: 'align_corners',
  });
  graph.output(
    'y',
    graph.emit('Conv', [enlarged, unit, graph.constant(Float32Array.of(0), [1], 'float32')]),
    'float32',
    [1, 1, 8, 8],
  );
  return graph.finish();
}

describe('quantised interpolation', () => {
  it('rounds what lies between two codes to the nearer one', async () => {
    const graph = enlarging();
    const ranges = new Map(['x', graph.nodes[0]!.outputs[0]!].map((name) => [name, { min: 0, max: 255 }] as const));
    const x = Float32Array.from({ length: 16 }, (_, i) => (i * 53) % 256);
    const { y } = await runGraph(quantizeGraph({ graph, ranges, plan: {} }), { x });
    const [rows, columns] = [interpolation(4, false), interpolation(4, true)];
    for (let i = 0; i < 64; i++) {
      const [row, column] = [Math.floor(i / 8), i % 8];
      let exact = 0;
      for (let j = 0; j < 16; j++) {
        exact += rows[row * 4 + Math.floor(j / 4)]! * x[j]! * columns[(j % 4) * 8 + column]!;
      }
      // Half a step, and the rounding of float32.
      expect(Math.abs(y![i]! - exact)).toBeLessThan(0.5001);
    }
  });
});
