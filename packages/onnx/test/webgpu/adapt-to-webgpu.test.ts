import { maxDifference } from '@hovernet/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/graph.js';
import { adaptToWebgpu } from '../../src/webgpu/adapt-to-webgpu.js';
import { convolutionGraph, runGraph, type Convolution } from './run-convolution.js';

const convolutions: fc.Arbitrary<Convolution> = fc
  .record({
    op: fc.constantFrom('Conv', 'ConvTranspose'),
    groups: fc.integer({ min: 1, max: 4 }),
    perGroup: fc.integer({ min: 1, max: 9 }),
    outPerGroup: fc.integer({ min: 1, max: 8 }),
    kernel: fc.constantFrom(1, 3),
    stride: fc.integer({ min: 1, max: 2 }),
    bias: fc.boolean(),
  })
  .map(({ perGroup, outPerGroup, ...rest }) => {
    return { ...rest, channels: rest.groups * perGroup, outChannels: rest.groups * outPerGroup };
  });

describe('adaptToWebgpu', () => {
  it('changes the nodes, not what they compute', async () => {
    let adapted = 0;
    await fc.assert(
      fc.asyncProperty(convolutions, async (convolution) => {
        const graph = convolutionGraph(convolution);
        const rewritten = adaptToWebgpu(graph);
        if (rewritten.nodes.length > graph.nodes.length) adapted++;
        const difference = maxDifference(await runGraph(rewritten, 'cpu'), await runGraph(graph, 'cpu'));
        // A sum over 9 · 9 products in another order.
        expect(difference.value).toBeLessThan(1e-5);
      }),
      { numRuns: 100, seed: 3 },
    );
    expect(adapted).toBeGreaterThan(5);
  });

  it('pads channels to a multiple of 4', () => {
    const graph = convolutionGraph({ op: 'Conv', groups: 1, channels: 6, outChannels: 8, kernel: 3, stride: 1 });
    const { nodes, constants } = adaptToWebgpu(graph);
    expect(nodes.map(({ op }) => op)).toEqual(['Pad', 'Pad', 'Conv']);
    expect(nodes.at(-1)!.outputs).toEqual(['y']);
    expect(constants.map(({ data }) => [...data])).toEqual([[0n, 0n, 0n, 0n, 0n, 2n, 0n, 0n]]);
  });

  it('gives every group a node of its own', () => {
    const graph = convolutionGraph({ op: 'Conv', groups: 2, channels: 4, outChannels: 12, kernel: 3, stride: 1 });
    const { nodes } = adaptToWebgpu(graph);
    expect(nodes.map(({ op }) => op)).toEqual(['Split', 'Split', 'Conv', 'Conv', 'Concat']);
    expect(nodes.filter(({ op }) => op === 'Conv').every(({ attributes }) => attributes['group'] === 1)).toBe(true);
  });

  it('keeps the slope of the step function below what overflows', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', 'float32', [2]);
    builder.output(
      'y',
      builder.emit('HardSigmoid', [x], { alpha: { float: 1e38 }, beta: { float: 0 } }),
      'float32',
      [2],
    );
    expect(adaptToWebgpu(builder.finish()).nodes[0]!.attributes).toEqual({
      alpha: { float: 1e30 },
      beta: { float: 0 },
    });
  });

  it('leaves other nodes and their constants alone', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', 'float32', [2]);
    const slope = builder.emit('HardSigmoid', [x], { alpha: { float: 0.2 }, beta: { float: 0.5 } });
    builder.output('y', builder.emit('Mul', [slope, builder.scalar(3)]), 'float32', [2]);
    const graph = builder.finish();
    expect(adaptToWebgpu(graph)).toEqual(graph);
  });
});
