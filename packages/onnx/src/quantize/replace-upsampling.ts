// Bilinear enlargement ×2, recorded as products with two constant matrices, becomes one Resize node.
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { GraphIndex, isOperation, withNodes } from './graph-index.js';

/** Matrices may differ by the rounding of their entries. */
const TOLERANCE = 1e-6;
const SCALES = 'upsampling/scales';

/**
 * `graph` with Resize (linear, corners aligned) instead of rows · x · columns, x `[N, C, H, W]`, wherever the two constant
 * matrices `[…, 2H, H]` and `[…, W, 2W]` interpolate so. The products' order does not matter; a product that something
 * else reads too stays.
 */
export function replaceUpsampling(graph: OnnxGraph): OnnxGraph {
  const index = new GraphIndex(graph);
  const replaced = new Map<GraphNode, GraphNode | undefined>();
  for (const outer of graph.nodes) {
    const inner = innerProduct(outer, index);
    if (!inner) continue;
    const { node, input } = inner;
    const attributes = { mode: 'linear', coordinate_transformation_mode: 'align_corners' };
    replaced.set(node, undefined);
    replaced.set(outer, { op: 'Resize', domain: '', inputs: [input, '', SCALES], outputs: outer.outputs, attributes });
  }
  const nodes = graph.nodes.flatMap((node) => (replaced.has(node) ? (replaced.get(node) ?? []) : [node]));
  const scales: GraphConstant = { name: SCALES, type: 'float32', dims: [4], data: Float32Array.of(1, 1, 2, 2) };
  return withNodes(graph, nodes, [...graph.constants, scales]);
}

interface Product {
  readonly node: GraphNode;
  /** What is multiplied by the matrix. */
  readonly input: string;
  /** Whether the matrix stands on the left, where it enlarges columns of pixels. */
  readonly left: boolean;
}

/** The product that `outer` enlarges along the other axis, if both are halves of an upsampling. */
function innerProduct(outer: GraphNode, index: GraphIndex): Product | undefined {
  const second = readProduct(outer, index);
  const first = second && readProduct(index.producerOf(second.input), index);
  if (!first || first.left === second.left || index.onlyReaderOf(second.input) !== outer) return undefined;
  return first;
}

function readProduct(node: GraphNode | undefined, index: GraphIndex): Product | undefined {
  if (!isOperation(node, 'MatMul')) return undefined;
  const [a, b] = node.inputs as [string, string];
  const left = index.floatConstant(a);
  const right = index.floatConstant(b);
  if (left && isInterpolation(left, { transposed: false })) return { node, input: b, left: true };
  if (right && isInterpolation(right, { transposed: true })) return { node, input: a, left: false };
  return undefined;
}

/** Whether the last two axes are [2n, n] (or [n, 2n]) and pixel i of the result lies at i·(n − 1)/(2n − 1). */
function isInterpolation({ dims, data }: GraphConstant, { transposed }: { readonly transposed: boolean }): boolean {
  const [rows, columns] = dims.slice(-2) as [number, number];
  const [long, short] = transposed ? [columns, rows] : [rows, columns];
  if (dims.length < 2 || data.length !== long * short || long !== 2 * short || short < 2) return false;
  for (let i = 0; i < long; i++) {
    const position = (i * (short - 1)) / (long - 1);
    for (let j = 0; j < short; j++) {
      const expected = Math.max(0, 1 - Math.abs(position - j));
      const entry = Number(data[transposed ? j * long + i : i * short + j]);
      if (!(Math.abs(entry - expected) <= TOLERANCE)) return false;
    }
  }
  return true;
}
