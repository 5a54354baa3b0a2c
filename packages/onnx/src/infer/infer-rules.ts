// Rules for nodes that compute: elementwise, convolutions, products, reductions. Those that only move elements are beside.
import { broadcastShapes } from '../layout.js';
import type { ElementType, GraphNode } from '../graph.js';
import { elementTypeOf } from '../element-types.js';
import { entryFor } from '../name-table.js';
import type { InferRule, InferredNode, ValueInfo } from './value-info.js';
import { movingRules } from './moving-rules.js';
import { hasInput, integerAttribute, integersAttribute, positiveAxis, textAttribute } from './node-facts.js';

const likeFirst: InferRule = ({ input }) => [input(0)];

const firstAs =
  (type: ElementType): InferRule =>
  ({ input }) => [{ type, dims: input(0).dims }];

/** Broadcasting over all inputs; the type is that of input `from` unless given. */
function broadcast(type?: ElementType, from = 0): InferRule {
  return ({ node, input }) => {
    const operands = node.inputs.map((_, index) => input(index));
    return [{ type: type ?? operands[from]!.type, dims: broadcastShapes(...operands.map(({ dims }) => dims)) }];
  };
}

const cast: InferRule = ({ node, input }) => {
  const type = elementTypeOf(integerAttribute(node, 'to', 0));
  return type && [{ type, dims: input(0).dims }];
};

const convolution: InferRule = (inferred) => {
  const { type, dims } = inferred.input(0);
  const filter = inferred.input(1).dims;
  const spatial = slideWindow(inferred, filter.slice(2));
  return spatial && [{ type, dims: [dims[0]!, filter[0]!, ...spatial] }];
};

const transposedConvolution: InferRule = ({ node, input }) => {
  if (textAttribute(node, 'auto_pad', 'NOTSET') !== 'NOTSET' || node.attributes['output_shape']) return undefined;
  const { type, dims } = input(0);
  const filter = input(1).dims;
  const kernel = filter.slice(2);
  const pads = integersAttribute(node, 'pads', undefined);
  const each = (name: string, otherwise: number) =>
    integersAttribute(node, name, new Array(kernel.length).fill(otherwise));
  const [strides, dilations, added] = [each('strides', 1), each('dilations', 1), each('output_padding', 0)];
  const spatial = kernel.map((taps, axis) => {
    const padding = (pads?.[axis] ?? 0) + (pads?.[axis + kernel.length] ?? 0);
    const reach = (taps - 1) * dilations[axis]! + 1;
    return strides[axis]! * (dims[axis + 2]! - 1) + added[axis]! + reach - padding;
  });
  return [{ type, dims: [dims[0]!, filter[1]! * integerAttribute(node, 'group', 1), ...spatial] }];
};

const pooling: InferRule = (inferred) => {
  const { type, dims } = inferred.input(0);
  const spatial = slideWindow(inferred, integersAttribute(inferred.node, 'kernel_shape', []));
  if (!spatial) return undefined;
  const pooled = [...dims.slice(0, 2), ...spatial];
  return [
    { type, dims: pooled },
    { type: 'int64', dims: pooled },
  ];
};

const globalPooling: InferRule = ({ input }) => {
  const { type, dims } = input(0);
  return [{ type, dims: dims.map((length, axis) => (axis < 2 ? length : 1)) }];
};

/** Lengths of the spatial axes after a window of `kernel` has moved over them. */
function slideWindow({ node, input }: InferredNode, kernel: readonly number[]): number[] | undefined {
  if (textAttribute(node, 'auto_pad', 'NOTSET') !== 'NOTSET') return undefined;
  const { dims } = input(0);
  const each = (name: string) => integersAttribute(node, name, new Array(kernel.length).fill(1));
  const [strides, dilations] = [each('strides'), each('dilations')];
  const pads = integersAttribute(node, 'pads', undefined);
  const round = integerAttribute(node, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  return kernel.map((taps, axis) => {
    const padded = dims[axis + 2]! + (pads?.[axis] ?? 0) + (pads?.[axis + kernel.length] ?? 0);
    return round((padded - ((taps - 1) * dilations[axis]! + 1)) / strides[axis]!) + 1;
  });
}

const batchNormalization: InferRule = ({ node, input }) => {
  const normalized = input(0);
  return node.outputs.length === 1 ? [normalized] : [normalized, input(3), input(4)];
};

const matrixProduct: InferRule = ({ input }) => {
  const [left, right] = [input(0).dims, input(1).dims];
  const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
  const rows = left.length > 1 ? [left.at(-2)!] : [];
  const columns = right.length > 1 ? [right.at(-1)!] : [];
  return [{ type: input(0).type, dims: [...batch, ...rows, ...columns] }];
};

const generalProduct: InferRule = ({ node, input }) => {
  const [left, right] = [input(0).dims, input(1).dims];
  const rows = left[integerAttribute(node, 'transA', 0) === 1 ? 1 : 0]!;
  const columns = right[integerAttribute(node, 'transB', 0) === 1 ? 0 : 1]!;
  return [{ type: input(0).type, dims: [rows, columns] }];
};

const reduction: InferRule = (inferred) => {
  const { type, dims } = inferred.input(0);
  const axes = reducedAxes(inferred, dims.length);
  if (!axes) return undefined;
  const keep = integerAttribute(inferred.node, 'keepdims', 1) === 1;
  return [{ type, dims: dims.flatMap((length, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [length])) }];
};

/** Axes that a Reduce… node reduces, an attribute or an input; undefined where they are not constant. */
export function reducedAxes(
  { node, constant }: Pick<InferredNode, 'node' | 'constant'>,
  rank: number,
): number[] | undefined {
  const axes = hasInput(node, 1) ? constant(1) : integersAttribute(node, 'axes', []);
  if (!axes) return undefined;
  if (axes.length > 0) return axes.map((axis) => positiveAxis(axis, rank));
  return integerAttribute(node, 'noop_with_empty_axes', 0) === 1 ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

const argument: InferRule = ({ node, input }) => {
  const { dims } = input(0);
  const along = positiveAxis(integerAttribute(node, 'axis', 0), dims.length);
  const keep = integerAttribute(node, 'keepdims', 1) === 1;
  const left = dims.flatMap((length, axis) => (axis === along ? (keep ? [1] : []) : [length]));
  return [{ type: 'int64', dims: left }];
};

const topK: InferRule = ({ node, input, constant }) => {
  const { type, dims } = input(0);
  const count = constant(1)?.[0];
  if (count === undefined) return undefined;
  const along = positiveAxis(integerAttribute(node, 'axis', -1), dims.length);
  const kept = dims.map((length, axis) => (axis === along ? count : length));
  const values: ValueInfo = { type, dims: kept };
  return [values, { type: 'int64', dims: kept }];
};

const quantization: InferRule = ({ node, input }) => {
  return [{ type: hasInput(node, 2) ? input(2).type : 'uint8', dims: input(0).dims }];
};

/** Lengths by letter; an equation without spaces, dots and implied result, as traced graphs have it. */
const einsum: InferRule = ({ node, input }) => {
  const [operands, result] = splitEquation(node);
  if (result === undefined) return undefined;
  const lengths = new Map(
    operands.flatMap((letters, index) => letters.map((letter, i) => [letter, input(index).dims[i]!])),
  );
  return [{ type: input(0).type, dims: result.map((letter) => lengths.get(letter)!) }];
};

/** The letters of each operand and of the result of Einsum; no result where the equation is of another form. */
export function splitEquation(node: GraphNode): [operands: string[][], result: string[] | undefined] {
  const equation = textAttribute(node, 'equation', '');
  const parts = /^([A-Za-z,]+)->([A-Za-z]*)$/.exec(equation);
  return parts ? [parts[1]!.split(',').map((letters) => [...letters]), [...parts[2]!]] : [[], undefined];
}

/** Rules by operator of ONNX's own domain. */
export const inferRules: Readonly<Record<string, InferRule>> = {
  ...movingRules,
  ...entryFor(
    likeFirst,
    'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Clip Cos Cosh CumSum Elu Erf Exp Floor HardSigmoid',
  ),
  ...entryFor(
    likeFirst,
    'HardSwish LeakyRelu Log LogSoftmax Neg Not PRelu Reciprocal Relu Round Selu Sigmoid Sign Sin Sinh',
  ),
  ...entryFor(likeFirst, 'Softmax Softplus Softsign Sqrt Tan Tanh InstanceNormalization LayerNormalization LRN'),
  ...entryFor(broadcast(), 'Add Sub Mul Div Pow Max Min Mean Sum Mod'),
  ...entryFor(broadcast('bool'), 'And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual'),
  ...entryFor(firstAs('bool'), 'IsNaN IsInf'),
  ...entryFor(reduction, 'ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare ReduceL1 ReduceL2'),
  ...entryFor(reduction, 'ReduceLogSum ReduceLogSumExp'),
  ...entryFor(argument, 'ArgMax ArgMin'),
  ...entryFor(pooling, 'MaxPool AveragePool'),
  ...entryFor(globalPooling, 'GlobalAveragePool GlobalMaxPool'),
  BatchNormalization: batchNormalization,
  Cast: cast,
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  DequantizeLinear: firstAs('float32'),
  Einsum: einsum,
  Gemm: generalProduct,
  MatMul: matrixProduct,
  QuantizeLinear: quantization,
  TopK: topK,
  Where: broadcast(undefined, 1),
};
