// How each operator takes float16: computes in it, moves it without loss, or must not see it.
import type { GraphNode } from '../graph.js';
import { inferRules } from '../infer/infer-rules.js';
import { textAttribute } from '../infer/node-facts.js';

/** Reduced precisions of a graph: see `ToOnnxOptions.precision`. */
export type ReducedPrecision = 'mixed' | 'float16';

/**
 * - `half`: computes in float16.
 * - `exact`: rounding its operands is rounding its result, so it may be on either side of a cast.
 * - `yielding`: computes in float16 where that is all that its readers want.
 * - `single`: computes in float32.
 */
export type NodeClass = 'half' | 'exact' | 'yielding' | 'single';

const operators = (names: string): ReadonlySet<string> => new Set(names.split(' '));

const PRODUCTS = operators('Conv ConvTranspose Einsum Gemm MatMul');

/** Operators that choose or move elements, or compare them; their results are elements of their operands, or not floats. */
const EXACT = operators(
  'Abs ArgMax ArgMin Clip Concat DepthToSpace Equal Expand Flatten Gather GatherElements GatherND GlobalMaxPool Greater ' +
    'GreaterOrEqual Identity Less LessOrEqual Max MaxPool Min Neg Pad ReduceMax ReduceMin Relu Reshape Slice SpaceToDepth ' +
    'Split Squeeze Tile Transpose Trilu Unsqueeze Where',
);

/**
 * Operators that lose digits or range in float16, or do not take it: those that autocast of PyTorch keeps in float32;
 * division, whose divisor may be too small; IsInf and quantisation.
 */
const SINGLE = operators(
  'Acos Asin Cosh Sinh Tan Exp Log Pow Reciprocal Softplus Softmax LogSoftmax Sqrt Div Mod CumSum ReduceSum ReduceMean ' +
    'ReduceProd ReduceSumSquare ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp GlobalAveragePool InstanceNormalization ' +
    'LayerNormalization LRN Mean Sum IsInf QuantizeLinear DequantizeLinear',
);

/** Largest slope that HardSigmoid can have in float16. */
const LARGEST_SLOPE = 65504;

/**
 * The class of `node`. `isConstant` tells of its inputs whether their elements are known; a product with a constant matrix
 * (interpolation, a filter of the loss, reversing the taps of a filter) is cheap, so that under `mixed` it follows its
 * surroundings.
 */
export function classifyNode(
  node: GraphNode,
  precision: ReducedPrecision,
  isConstant: (name: string) => boolean,
): NodeClass {
  if (node.domain !== '' || !(node.op in inferRules)) return 'single';
  if (node.op === 'MatMul' && precision === 'mixed') return node.inputs.some(isConstant) ? 'yielding' : 'half';
  if (PRODUCTS.has(node.op)) return 'half';
  if (EXACT.has(node.op) || isNearestResize(node)) return 'exact';
  if (precision === 'mixed' || SINGLE.has(node.op)) return 'single';
  if (node.op === 'BatchNormalization')
    return isNormalized(node) && node.inputs.slice(1).every(isConstant) ? 'half' : 'single';
  if (node.op === 'HardSigmoid') return floatAttribute(node, 'alpha', 0.2) <= LARGEST_SLOPE ? 'half' : 'single';
  return 'half';
}

/** Indices of the inputs that float16 nodes take as float16, if they are floats at all. */
export function takesFloat16(node: GraphNode, index: number): boolean {
  return node.op !== 'Resize' || index === 0;
}

function isNearestResize(node: GraphNode): boolean {
  return node.op === 'Resize' && textAttribute(node, 'mode', 'nearest') === 'nearest';
}

/** Whether the variance was divided out, as `normalizeBatchNorms` does. */
function isNormalized(node: GraphNode): boolean {
  return floatAttribute(node, 'epsilon', 1e-5) === 0;
}

function floatAttribute(node: GraphNode, name: string, otherwise: number): number {
  const value = node.attributes[name];
  return typeof value === 'object' && 'float' in value ? value.float : otherwise;
}
