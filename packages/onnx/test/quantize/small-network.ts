// A small network with what quantisation meets in HoVer-Net: residual and dense units, a crop, upsampling, a float head.
import { createRandom } from '@hovernet/core';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';
import type { GraphFeeds } from '../../src/quantize/collect-statistics.js';

const SIDE = 12;

/** `image` `[1, 3, 12, 12]`, 0…1, to `maps` `[1, 2, 14, 14]`; weights are random, the same every time. */
export function smallNetwork(): OnnxGraph {
  const random = createRandom(5);
  const graph = new GraphBuilder();
  const numbers = (count: number, low: number, high: number) =>
    Float32Array.from({ length: count }, () => random.uniform(low, high));
  const vector = (data: Float32Array) => graph.constant(data, [data.length], 'float32');
  const convolve = (x: string, dims: readonly [number, number, number, number], group = 1) => {
    const [out, perGroup, size] = dims;
    const reach = Math.sqrt(3 / (perGroup * size * size));
    const filter = numbers(out * perGroup * size * size, -reach, reach);
    return graph.emit('Conv', [x, graph.constant(filter, dims, 'float32')], { kernel_shape: [size, size], group });
  };
  const normalize = (x: string, channels: number) => {
    const statistics = [
      vector(numbers(channels, 0.5, 1.5)),
      vector(numbers(channels, -0.3, 0.5)),
      vector(numbers(channels, -0.5, 0.5)),
      vector(numbers(channels, 0.5, 1.5)),
    ];
    return graph.emit('Relu', [graph.emit('BatchNormalization', [x, ...statistics], { epsilon: { float: 1e-5 } })]);
  };
  const stem = normalize(convolve(graph.input('image', 'float32', [1, 3, SIDE, SIDE]), [8, 3, 3, 3]), 8);
  const before = convolve(stem, [8, 8, 1, 1]);
  const change = convolve(normalize(convolve(stem, [6, 8, 1, 1]), 6), [8, 6, 1, 1]);
  const sum = graph.emit('Add', [change, before]);
  const dense = convolve(normalize(sum, 8), [4, 4, 3, 3], 2);
  const crop = ['starts', 'ends', 'axes'].map((_, i) =>
    graph.integers(
      [
        [1, 1],
        [9, 9],
        [2, 3],
      ][i]!,
    ),
  );
  const joined = graph.emit('Concat', [graph.emit('Slice', [sum, ...crop]), dense], { axis: 1 });
  const small = convolve(normalize(joined, 12), [8, 12, 1, 1]);
  const rows = graph.constant(interpolation(8, false), [16, 8], 'float32');
  const columns = graph.constant(interpolation(8, true), [8, 16], 'float32');
  const large = graph.emit('MatMul', [graph.emit('MatMul', [rows, small]), columns]);
  const features = normalize(convolve(large, [8, 8, 3, 3]), 8);
  const head = graph.emit('Add', [
    convolve(features, [2, 8, 1, 1]),
    graph.constant(Float32Array.of(0.1, -0.1), [2, 1, 1], 'float32'),
  ]);
  graph.output('maps', head, 'float32', [1, 2, 14, 14]);
  return graph.finish();
}

/** The matrix of bilinear enlargement ×2 with aligned corners, `[2n, n]` or its transpose. */
export function interpolation(length: number, transposed: boolean): Float32Array {
  const matrix = new Float32Array(2 * length * length);
  for (let i = 0; i < 2 * length; i++) {
    const position = (i * (length - 1)) / (2 * length - 1);
    for (let j = 0; j < length; j++) {
      matrix[transposed ? j * 2 * length + i : i * length + j] = Math.max(0, 1 - Math.abs(position - j));
    }
  }
  return matrix;
}

/** `count` images for {@link smallNetwork}. */
export function smallImages(count: number, seed: number): GraphFeeds[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => ({
    image: Float32Array.from({ length: 3 * SIDE * SIDE }, () => Math.round(random.uniform(0, 255)) / 255),
  }));
}
