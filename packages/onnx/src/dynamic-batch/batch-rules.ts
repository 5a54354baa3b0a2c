// How nodes that compute keep the images of a batch apart. Those that only move elements are beside.
import { reducedAxes, splitEquation } from '../infer/infer-rules.js';
import { integerAttribute, positiveAxis } from '../infer/node-facts.js';
import { entryFor } from '../name-table.js';
import { assertApart, BatchProblem, broadcastPlace, onlyFirst, type BatchNode, type BatchRule } from './batch-place.js';
import { movingBatchRules } from './moving-batch-rules.js';

const everyElement: BatchRule = (node) => ({ place: onlyFirst(node) });

const broadcasting: BatchRule = ({ node, input, place, output }) => {
  const operands = node.inputs.map((_, index) => ({ dims: input(index).dims, place: place(index) }));
  return { place: broadcastPlace(operands, output.dims.length) };
};

/** Nodes over images `[batch, channels, …]`, each by itself. */
const everyImage: BatchRule = (node) => {
  const place = onlyFirst(node);
  if (place.axis !== 0) throw new BatchProblem(`expects the batch along axis 0, where axis ${place.axis} holds it`);
  return { place };
};

const batchNormalization: BatchRule = (node) => {
  const place = onlyFirst(node);
  if (integerAttribute(node.node, 'training_mode', 0) === 1)
    throw new BatchProblem('takes its statistics over the batch');
  assertApart(place, [1], 'normalises along');
  return { place };
};

/** Nodes that mix the elements along one axis, an attribute. */
function along(otherwise: number, action: string): BatchRule {
  return (node) => {
    const place = onlyFirst(node);
    const rank = node.input(0).dims.length;
    assertApart(place, [positiveAxis(integerAttribute(node.node, 'axis', otherwise), rank)], action);
    return { place };
  };
}

const layerNormalization: BatchRule = (node) => {
  const place = onlyFirst(node);
  const first = positiveAxis(integerAttribute(node.node, 'axis', -1), node.input(0).dims.length);
  if (place.axis >= first) throw new BatchProblem('normalises along the batch');
  return { place };
};

const cumulativeSum: BatchRule = (node) => {
  const place = onlyFirst(node);
  const axis = node.constant(1)?.[0];
  if (axis === undefined) throw new BatchProblem('has an axis that is no constant');
  assertApart(place, [positiveAxis(axis, node.input(0).dims.length)], 'sums along');
  return { place };
};

const reduction: BatchRule = (node) => {
  const axes = reducedAxes(node, node.input(0).dims.length);
  if (!axes) throw new BatchProblem('has axes that are no constant');
  return removeAxes(node, axes);
};

const argument: BatchRule = (node) =>
  removeAxes(node, [positiveAxis(integerAttribute(node.node, 'axis', 0), node.input(0).dims.length)]);

function removeAxes(node: BatchNode, axes: readonly number[]) {
  const { axis, multiple } = onlyFirst(node);
  assertApart({ axis, multiple }, axes, 'reduces');
  const keeps = integerAttribute(node.node, 'keepdims', 1) === 1;
  const gone = keeps ? 0 : axes.filter((removed) => removed < axis).length;
  return { place: { axis: axis - gone, multiple } };
}

const matrixProduct: BatchRule = ({ input, place, output }) => {
  const rank = output.dims.length;
  const [left, right] = [0, 1].map((index) => ({ dims: input(index).dims, place: place(index) }));
  if (left!.dims.length < 2 || right!.dims.length < 2) throw new BatchProblem('multiplies a vector');
  const sums = left!.place?.axis === left!.dims.length - 1 || right!.place?.axis === right!.dims.length - 2;
  if (sums) throw new BatchProblem('adds up products over the batch');
  // The axis that a factor does not share with the result is as good as one of length 1.
  const leftDims = [...left!.dims.slice(0, -1), 1];
  const rightDims = [...right!.dims.slice(0, -2), 1, right!.dims.at(-1)!];
  return {
    place: broadcastPlace(
      [
        { ...left!, dims: leftDims },
        { ...right!, dims: rightDims },
      ],
      rank,
    ),
  };
};

const generalProduct: BatchRule = ({ node, input, place }) => {
  const rows = integerAttribute(node, 'transA', 0) === 1 ? 1 : 0;
  const columns = integerAttribute(node, 'transB', 0) === 1 ? 0 : 1;
  const [left, right] = [place(0), place(1)];
  if ((left && left.axis !== rows) || (right && right.axis !== columns)) {
    throw new BatchProblem('adds up products over the batch');
  }
  const operands = [
    { dims: [input(0).dims[rows]!, 1], place: left && { ...left, axis: 0 } },
    { dims: [1, input(1).dims[columns]!], place: right && { ...right, axis: 1 } },
  ];
  if (!left && !right) throw new BatchProblem('takes only its summand from the batch');
  if (node.inputs.length > 2) operands.push({ dims: [...input(2).dims] as [number, number], place: place(2) });
  return { place: broadcastPlace(operands, 2) };
};

const einsum: BatchRule = ({ node, input, place }) => {
  const [operands, result] = splitEquation(node);
  const letters = new Set<string>();
  const multiples = new Set<number>();
  operands.forEach((names, index) => {
    const found = place(index);
    if (!found) return;
    letters.add(names[found.axis]!);
    multiples.add(found.multiple);
  });
  const [letter] = letters;
  if (!result || letters.size > 1 || multiples.size > 1) throw new BatchProblem('combines different images');
  if (!result.includes(letter!)) throw new BatchProblem('adds up products over the batch');
  operands.forEach((names, index) => {
    const other = names.findIndex((name, axis) => name === letter && axis !== place(index)?.axis);
    if (other !== -1) {
      throw new BatchProblem(`has an operand of fixed length ${input(index).dims[other]!} along the batch`);
    }
  });
  return { place: { axis: result.indexOf(letter!), multiple: [...multiples][0]! } };
};

/** Per-axis scales lie along an attribute's axis; one scale for all suits every axis. */
const quantization: BatchRule = (node) => {
  const place = onlyFirst(node);
  const rank = node.input(0).dims.length;
  if (node.input(1).dims.length === 0) return { place };
  assertApart(place, [positiveAxis(integerAttribute(node.node, 'axis', 1), rank)], 'scales along');
  return { place };
};

/** Rules by operator of ONNX's own domain. */
export const batchRules: Readonly<Record<string, BatchRule>> = {
  ...movingBatchRules,
  ...entryFor(
    everyElement,
    'Abs Acos Acosh Asin Asinh Atan Atanh Cast Ceil Celu Clip Cos Cosh Elu Erf Exp Floor HardSigmoid',
  ),
  ...entryFor(
    everyElement,
    'HardSwish Identity IsInf IsNaN LeakyRelu Log Neg Not Reciprocal Relu Round Selu Sigmoid Sign',
  ),
  ...entryFor(everyElement, 'Sin Sinh Softplus Softsign Sqrt Tan Tanh'),
  ...entryFor(
    broadcasting,
    'Add Sub Mul Div Pow Max Min Mean Sum Mod PRelu And Or Xor Equal Greater GreaterOrEqual Less',
  ),
  ...entryFor(broadcasting, 'LessOrEqual Where'),
  ...entryFor(
    everyImage,
    'Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool InstanceNormalization LRN',
  ),
  ...entryFor(everyImage, 'DepthToSpace SpaceToDepth'),
  ...entryFor(reduction, 'ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare ReduceL1 ReduceL2'),
  ...entryFor(reduction, 'ReduceLogSum ReduceLogSumExp'),
  ...entryFor(argument, 'ArgMax ArgMin'),
  ...entryFor(along(-1, 'normalises along'), 'Softmax LogSoftmax'),
  BatchNormalization: batchNormalization,
  CumSum: cumulativeSum,
  DequantizeLinear: quantization,
  Einsum: einsum,
  Gemm: generalProduct,
  LayerNormalization: layerNormalization,
  MatMul: matrixProduct,
  QuantizeLinear: quantization,
  TopK: along(-1, 'chooses along'),
};
