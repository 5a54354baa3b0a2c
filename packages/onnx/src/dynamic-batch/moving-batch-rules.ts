// How nodes that move, repeat or choose elements keep the images of a batch apart; shapes that hold the batch are replaced.
import { hasInput, integerAttribute, integersAttribute, positiveAxis } from '../infer/node-facts.js';
import { sizeOf } from '../layout.js';
import {
  assertApart,
  BatchProblem,
  broadcastPlace,
  onlyFirst,
  type BatchNode,
  type BatchPlace,
  type BatchRule,
} from './batch-place.js';

/** Ends of a slice from here on mean “to the end”. */
const OPEN_END = 2 ** 31 - 1;

/** The integers of input `index`, which must be a constant. */
function constantOf({ constant }: BatchNode, index: number): readonly number[] {
  const values = constant(index);
  if (!values) throw new BatchProblem('has a shape or axes that are no constant');
  return values;
}

/** The batch takes −1 in the new shape, or 0 where it stays in place; all other lengths are those of the trace. */
const reshape: BatchRule = (node) => {
  const place = onlyFirst(node);
  const moved = reshapePlace(place, node.input(0).dims, node.output.dims, node.batch);
  const stays = moved.axis === place.axis && moved.multiple === place.multiple;
  return {
    place: moved,
    shape: node.output.dims.map((length, axis) => (axis !== moved.axis ? length : stays ? 0 : -1)),
  };
};

const flatten: BatchRule = (node) => {
  const place = onlyFirst(node);
  const moved = reshapePlace(place, node.input(0).dims, node.output.dims, node.batch);
  const split = positiveAxis(integerAttribute(node.node, 'axis', 1), node.input(0).dims.length);
  if (moved.axis !== (place.axis < split ? 0 : 1)) throw new BatchProblem('joins the batch to an axis before it');
  return { place: moved };
};

/**
 * Elements keep their order: the batch is found where as many elements lie before it as before. Of several axes (those of
 * length 1 in a trace of one image) the one that is as long for each image as before is preferred, then the nearest.
 */
function reshapePlace(place: BatchPlace, from: readonly number[], to: readonly number[], batch: number): BatchPlace {
  const before = sizeOf(from.slice(0, place.axis));
  const candidates = to.flatMap((length, axis) =>
    length % batch === 0 && sizeOf(to.slice(0, axis)) === before ? [{ axis, multiple: length / batch }] : [],
  );
  const cost = ({ axis, multiple }: BatchPlace) =>
    (multiple === place.multiple ? 0 : to.length + from.length) + Math.abs(axis - place.axis);
  const [nearest] = candidates.sort((a, b) => cost(a) - cost(b));
  if (!nearest) throw new BatchProblem('joins the batch to an axis before it');
  return nearest;
}

const transpose: BatchRule = (node) => {
  const { axis, multiple } = onlyFirst(node);
  const rank = node.input(0).dims.length;
  const perm = integersAttribute(node.node, 'perm', undefined);
  return { place: { axis: perm ? perm.indexOf(axis) : rank - 1 - axis, multiple } };
};

const squeeze: BatchRule = (node) => {
  const { axis, multiple } = onlyFirst(node);
  const removed = constantOf(node, 1).map((each) => positiveAxis(each, node.input(0).dims.length));
  assertApart({ axis, multiple }, removed, 'removes');
  return { place: { axis: axis - removed.filter((each) => each < axis).length, multiple } };
};

const unsqueeze: BatchRule = (node) => {
  const { axis, multiple } = onlyFirst(node);
  const rank = node.output.dims.length;
  const added = constantOf(node, 1).map((each) => positiveAxis(each, rank));
  const kept = Array.from({ length: rank }, (_, each) => each).filter((each) => !added.includes(each));
  return { place: { axis: kept[axis]!, multiple } };
};

/** A length of 1 in the asked shape leaves the batch as it is. */
const expand: BatchRule = (node) => {
  const { axis, multiple } = onlyFirst(node);
  const asked = [...constantOf(node, 1)];
  const rank = node.output.dims.length;
  const place = { axis: axis + rank - node.input(0).dims.length, multiple };
  const index = place.axis - rank + asked.length;
  if (index < 0) return { place };
  if (asked[index] !== 1 && asked[index] !== node.batch * multiple) throw new BatchProblem('repeats the batch');
  asked[index] = 1;
  return { place, shape: asked };
};

const tile: BatchRule = (node) => {
  const place = onlyFirst(node);
  if (constantOf(node, 1)[place.axis] !== 1) throw new BatchProblem('repeats the batch');
  return { place };
};

const pad: BatchRule = (node) => {
  const place = onlyFirst(node);
  const amounts = constantOf(node, 1);
  const rank = node.input(0).dims.length;
  if (amounts[place.axis] !== 0 || amounts[place.axis + rank] !== 0) throw new BatchProblem('pads the batch');
  return { place };
};

const slice: BatchRule = (node) => {
  const place = onlyFirst(node);
  const [starts, ends] = [constantOf(node, 1), constantOf(node, 2)];
  const axes = hasInput(node.node, 3) ? constantOf(node, 3) : starts.map((_, axis) => axis);
  const steps = hasInput(node.node, 4) ? constantOf(node, 4) : starts.map(() => 1);
  axes.forEach((axis, index) => {
    if (positiveAxis(axis, node.input(0).dims.length) !== place.axis) return;
    const isWhole = starts[index] === 0 && ends[index]! >= OPEN_END && steps[index] === 1;
    if (!isWhole) throw new BatchProblem('takes a part of the batch');
  });
  return { place };
};

const concatenation: BatchRule = ({ node, input, place, output }) => {
  const operands = node.inputs.map((_, index) => ({ dims: input(index).dims, place: place(index) }));
  if (operands.some((operand) => !operand.place)) throw new BatchProblem('joins a value of fixed size to the batch');
  const rank = output.dims.length;
  const found = broadcastPlace(operands, rank);
  assertApart(found, [positiveAxis(integerAttribute(node, 'axis', 0), rank)], 'joins values along');
  return { place: found };
};

const split: BatchRule = (node) => {
  const place = onlyFirst(node);
  assertApart(place, [positiveAxis(integerAttribute(node.node, 'axis', 0), node.input(0).dims.length)], 'splits');
  return { place };
};

const gather: BatchRule = ({ node, input, place }) => {
  const along = positiveAxis(integerAttribute(node, 'axis', 0), input(0).dims.length);
  const [data, indices] = [place(0), place(1)];
  if (data && indices) throw new BatchProblem('chooses among images by what is in them');
  if (indices) return { place: { ...indices, axis: along + indices.axis } };
  assertApart(data!, [along], 'chooses from');
  const added = input(1).dims.length - 1;
  return { place: { ...data!, axis: data!.axis + (data!.axis > along ? added : 0) } };
};

const gatherElements: BatchRule = ({ node, input, place }) => {
  const [data, indices] = [place(0), place(1)];
  if (!data || !indices || data.axis !== indices.axis || data.multiple !== indices.multiple) {
    throw new BatchProblem('chooses elements of other images');
  }
  assertApart(data, [positiveAxis(integerAttribute(node, 'axis', 0), input(0).dims.length)], 'chooses from');
  return { place: data };
};

/** Indices lie along the last axis of input 1; both inputs share their first `batch_dims` axes. */
const gatherNd: BatchRule = ({ node, input, place }) => {
  const [data, indices] = [place(0), place(1)];
  const shared = integerAttribute(node, 'batch_dims', 0);
  const rank = input(1).dims.length;
  if (indices?.axis === rank - 1) throw new BatchProblem('takes indices from the batch');
  if (data && indices) {
    const isShared = data.axis < shared && data.axis === indices.axis && data.multiple === indices.multiple;
    if (!isShared) throw new BatchProblem('chooses elements of other images');
    return { place: data };
  }
  if (indices) {
    if (indices.axis < shared) throw new BatchProblem('chooses for the batch from a value of fixed size');
    return { place: indices };
  }
  const chosen = shared + input(1).dims.at(-1)!;
  if (data!.axis < chosen) throw new BatchProblem('chooses from the batch');
  return { place: { ...data!, axis: data!.axis - chosen + rank - 1 } };
};

const oneHot: BatchRule = (node) => {
  const { axis, multiple } = onlyFirst(node);
  const at = positiveAxis(integerAttribute(node.node, 'axis', -1), node.output.dims.length);
  return { place: { axis: axis + (at <= axis ? 1 : 0), multiple } };
};

const resize: BatchRule = (node) => {
  const place = onlyFirst(node);
  const scales = node.constant(2);
  if (hasInput(node.node, 3) || !scales) throw new BatchProblem('states its size, the batch included');
  if (scales[place.axis] !== 1) throw new BatchProblem('resizes the batch');
  return { place };
};

const trilu: BatchRule = (node) => {
  const place = onlyFirst(node);
  const rank = node.input(0).dims.length;
  assertApart(place, [rank - 2, rank - 1], 'cuts a triangle out of');
  return { place };
};

/** Rules by operator of ONNX's own domain. */
export const movingBatchRules: Readonly<Record<string, BatchRule>> = {
  Concat: concatenation,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  OneHot: oneHot,
  Pad: pad,
  Reshape: reshape,
  Resize: resize,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Trilu: trilu,
  Unsqueeze: unsqueeze,
};
