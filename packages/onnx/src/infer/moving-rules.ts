// Rules for nodes that only move, repeat or choose elements.
import { broadcastShapes, sizeOf } from '../layout.js';
import type { InferRule, InferredNode } from './value-info.js';
import { integerAttribute, integersAttribute, positiveAxis } from './node-facts.js';

/** The first input with the dimensions that `change` makes of its own. */
function moved(change: (inferred: InferredNode, dims: readonly number[]) => readonly number[] | undefined): InferRule {
  return (inferred) => {
    const { type, dims } = inferred.input(0);
    const changed = change(inferred, dims);
    return changed && [{ type, dims: changed }];
  };
}

const reshape = moved(({ node, constant }, dims) => {
  const asked = constant(1);
  return asked && reshapedDims(dims, asked, integerAttribute(node, 'allowzero', 0) === 1);
});

/** What Reshape makes of `dims`: 0 keeps the length of that axis, −1 is what is left. */
export function reshapedDims(dims: readonly number[], asked: readonly number[], allowZero = false): number[] {
  const lengths = asked.map((length, axis) => (length === 0 && !allowZero ? dims[axis]! : length));
  const known = lengths.reduce((product, length) => (length === -1 ? product : product * length), 1);
  return lengths.map((length) => (length === -1 ? sizeOf(dims) / known : length));
}

const squeeze = moved(({ node, constant }, dims) => {
  const axes = node.inputs.length > 1 ? constant(1) : dims.flatMap((length, axis) => (length === 1 ? [axis] : []));
  const removed = axes?.map((axis) => positiveAxis(axis, dims.length));
  return removed && dims.filter((_, axis) => !removed.includes(axis));
});

const unsqueeze = moved(({ constant }, dims) => {
  const axes = constant(1);
  if (!axes) return undefined;
  const rank = dims.length + axes.length;
  const added = new Set(axes.map((axis) => positiveAxis(axis, rank)));
  const rest = [...dims];
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : rest.shift()!));
});

const flatten = moved(({ node }, dims) => {
  const axis = positiveAxis(integerAttribute(node, 'axis', 1), dims.length);
  return [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))];
});

const transpose = moved(({ node }, dims) => {
  const reversed = dims.map((_, axis) => dims.length - 1 - axis);
  return integersAttribute(node, 'perm', reversed).map((axis) => dims[axis]!);
});

const expand = moved(({ constant }, dims) => {
  const asked = constant(1);
  return asked && broadcastShapes(dims, asked);
});

const tile = moved(({ constant }, dims) => {
  const repeats = constant(1);
  return repeats && dims.map((length, axis) => length * repeats[axis]!);
});

const pad = moved(({ constant }, dims) => {
  const amounts = constant(1);
  return amounts && dims.map((length, axis) => length + amounts[axis]! + amounts[axis + dims.length]!);
});

const slice = moved(({ node, constant }, dims) => {
  const [starts, ends] = [constant(1), constant(2)];
  if (!starts || !ends) return undefined;
  const axes = node.inputs.length > 3 ? constant(3) : starts.map((_, axis) => axis);
  const steps = node.inputs.length > 4 ? constant(4) : starts.map(() => 1);
  if (!axes || !steps) return undefined;
  const sliced = [...dims];
  axes.forEach((axis, index) => {
    const along = positiveAxis(axis, dims.length);
    sliced[along] = sliceLength(dims[along]!, starts[index]!, ends[index]!, steps[index]!);
  });
  return sliced;
});

function sliceLength(length: number, start: number, end: number, step: number): number {
  const clamp = (position: number, low: number, high: number) =>
    Math.min(Math.max(position < 0 ? position + length : position, low), high);
  if (step > 0) return Math.max(0, Math.ceil((clamp(end, 0, length) - clamp(start, 0, length)) / step));
  return Math.max(0, Math.ceil((clamp(end, -1, length - 1) - clamp(start, 0, length - 1)) / step));
}

const concatenation: InferRule = ({ node, input }) => {
  const { type, dims } = input(0);
  const along = positiveAxis(integerAttribute(node, 'axis', 0), dims.length);
  const total = node.inputs.reduce((sum, _, index) => sum + input(index).dims[along]!, 0);
  return [{ type, dims: dims.map((length, axis) => (axis === along ? total : length)) }];
};

const split: InferRule = ({ node, input, constant }) => {
  const { type, dims } = input(0);
  const along = positiveAxis(integerAttribute(node, 'axis', 0), dims.length);
  const even = dims[along]! / node.outputs.length;
  const lengths = node.inputs.length > 1 ? constant(1) : node.outputs.map(() => even);
  return lengths?.map((part) => ({ type, dims: dims.map((length, axis) => (axis === along ? part : length)) }));
};

const gather: InferRule = ({ node, input }) => {
  const { type, dims } = input(0);
  const along = positiveAxis(integerAttribute(node, 'axis', 0), dims.length);
  return [{ type, dims: [...dims.slice(0, along), ...input(1).dims, ...dims.slice(along + 1)] }];
};

const gatherElements: InferRule = ({ input }) => [{ type: input(0).type, dims: input(1).dims }];

const gatherNd: InferRule = ({ node, input }) => {
  const [{ type, dims }, indices] = [input(0), input(1).dims];
  const chosen = integerAttribute(node, 'batch_dims', 0) + indices.at(-1)!;
  return [{ type, dims: [...indices.slice(0, -1), ...dims.slice(chosen)] }];
};

const oneHot: InferRule = ({ node, input, constant }) => {
  const depth = constant(1)?.[0];
  if (depth === undefined) return undefined;
  const { dims } = input(0);
  const at = positiveAxis(integerAttribute(node, 'axis', -1), dims.length + 1);
  return [{ type: input(2).type, dims: [...dims.slice(0, at), depth, ...dims.slice(at)] }];
};

const resize = moved(({ constant }, dims) => {
  const sizes = constant(3);
  if (sizes) return sizes;
  const scales = constant(2);
  return scales && dims.map((length, axis) => Math.floor(length * scales[axis]!));
});

const depthToSpace = moved(({ node }, [batch, channels, height, width]) => {
  const block = integerAttribute(node, 'blocksize', 1);
  return [batch!, channels! / block ** 2, height! * block, width! * block];
});

const spaceToDepth = moved(({ node }, [batch, channels, height, width]) => {
  const block = integerAttribute(node, 'blocksize', 1);
  return [batch!, channels! * block ** 2, height! / block, width! / block];
});

const same = moved((_inferred, dims) => dims);

/** Rules by operator of ONNX's own domain. */
export const movingRules: Readonly<Record<string, InferRule>> = {
  Concat: concatenation,
  DepthToSpace: depthToSpace,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Identity: same,
  OneHot: oneHot,
  Pad: pad,
  Reshape: reshape,
  Resize: resize,
  ScatterElements: same,
  ScatterND: same,
  Shape: ({ input }) => [{ type: 'int64', dims: [input(0).dims.length] }],
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Trilu: same,
  Unsqueeze: unsqueeze,
};
