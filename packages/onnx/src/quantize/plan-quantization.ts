// Decides which nodes of a graph work on 8-bit codes, and which values share one way of coding.
import type { GraphNode, OnnxGraph } from '../graph.js';
import { readChannelAffine } from './channel-affine.js';
import { GraphIndex, isOperation } from './graph-index.js';

export interface PlanOptions {
  /** Whether sums of two values stay in codes (faster) or are formed in float32. @default 'integer' */
  readonly additions?: 'integer' | 'float';
  /**
   * Convolutions (by node: inputs, attributes) to leave in float32. The last ones before the outputs always are.
   * @default none
   */
  readonly keepFloat?: (node: GraphNode) => boolean;
}

/** A convolution by constants, `[outChannels, inChannels / group, …]` and `[outChannels]`. */
export interface ConstantConvolution {
  readonly filter: ArrayLike<number>;
  readonly bias: ArrayLike<number> | undefined;
  readonly dims: readonly number[];
  readonly attributes: GraphNode['attributes'];
}

/** A node that computes new numbers. `relu` reads nothing but its result, and is taken up. */
export type ComputingStep = { readonly relu: GraphNode | undefined } & (
  { readonly kind: 'convolve'; readonly convolution: ConstantConvolution } | { readonly kind: 'add' }
);

/** What becomes of a node; one without a step stays in float32. */
export type QuantizationStep =
  | ComputingStep
  /** Moves or repeats the codes of `operands`, whatever they stand for. */
  | { readonly kind: 'move'; readonly operands: readonly string[] }
  /** Gives numbers between those of its first input: the same codes, rounded anew. */
  | { readonly kind: 'interpolate'; readonly operands: readonly string[] }
  /** A ReLU that the step before takes up. */
  | { readonly kind: 'absorbed' };

export interface QuantizationPlan {
  readonly steps: ReadonlyMap<GraphNode, QuantizationStep>;
  /** Values whose ranges must be known. */
  readonly quantizedValues: readonly string[];
  /** All values that have the same scale and zero point as `value`, itself included. */
  sharedWith(value: string): readonly string[];
}

const CONVOLVING: ReadonlySet<string> = new Set(['Conv', 'BatchNormalization']);

/** The first inputs of these are values, the others say where they go. */
const MOVING: Readonly<Record<string, (node: GraphNode) => readonly string[]>> = {
  Concat: (node) => node.inputs,
  MaxPool: (node) => node.inputs,
  Resize: (node) => node.inputs.slice(0, 1),
  Slice: (node) => node.inputs.slice(0, 1),
};

export function planQuantization(graph: OnnxGraph, options: PlanOptions = {}): QuantizationPlan {
  const index = new GraphIndex(graph);
  const steps = new Map<GraphNode, QuantizationStep>();
  const coded = new Set<string>();
  const ranged = new Set<string>();
  const groups = new ValueGroups();
  const isCoded = (name: string) => coded.has(name);
  for (const node of graph.nodes) {
    if (steps.has(node)) continue;
    const step = chooseStep(node, { index, options, isCoded });
    if (!step) continue;
    steps.set(node, step);
    const relu = 'relu' in step ? step.relu : undefined;
    const result = (relu ?? node).outputs[0]!;
    coded.add(result);
    if (relu) steps.set(relu, { kind: 'absorbed' });
    if ('operands' in step) for (const operand of step.operands) groups.join(operand, result);
    else ranged.add(result);
    if (step.kind === 'convolve') ranged.add(node.inputs[0]!);
  }
  // What a moving node gives has the range of what it moves.
  const moved = new Set([...steps].flatMap(([node, step]) => ('operands' in step ? node.outputs : [])));
  const quantizedValues = [...ranged].filter((name) => !moved.has(name));
  return { steps, quantizedValues, sharedWith: (value) => groups.membersOf(value) };
}

interface StepContext {
  readonly index: GraphIndex;
  readonly options: PlanOptions;
  /** Whether a value is there as codes. */
  readonly isCoded: (name: string) => boolean;
}

function chooseStep(node: GraphNode, context: StepContext): QuantizationStep | undefined {
  const { index, options, isCoded } = context;
  const convolution = readConvolution(node, context);
  const adds = isOperation(node, 'Add') && options.additions !== 'float' && node.inputs.every(isCoded);
  if (convolution || adds) {
    const reader = index.onlyReaderOf(node.outputs[0]!);
    const relu = isOperation(reader, 'Relu') ? reader : undefined;
    return convolution ? { kind: 'convolve', convolution, relu } : { kind: 'add', relu };
  }
  const operands = node.domain === '' ? MOVING[node.op]?.(node) : undefined;
  if (!operands?.every(isCoded) || node.outputs.length !== 1) return undefined;
  // On codes, ONNX Runtime cuts off the fractions that interpolation gives: half a step is lost, always downwards.
  const kind = node.op === 'Resize' && node.attributes['mode'] !== 'nearest' ? 'interpolate' : 'move';
  return { kind, operands };
}

/** What convolves by constants; a batch-norm of codes does so too, each channel by one weight. */
function readConvolution(node: GraphNode, { index, options, isCoded }: StepContext): ConstantConvolution | undefined {
  const affine = isCoded(node.inputs[0]!) ? readChannelAffine(node, index) : undefined;
  if (affine) {
    const channels = affine.scale.length;
    const attributes = { kernel_shape: [1, 1], group: channels };
    return { filter: affine.scale, bias: affine.offset, dims: [channels, 1, 1, 1], attributes };
  }
  if (!isOperation(node, 'Conv') || isLast(node, index) || options.keepFloat?.(node)) return undefined;
  const [input, filterName, biasName] = node.inputs;
  const filter = index.floatConstant(filterName);
  const bias = index.floatConstant(biasName);
  if (!filter || (biasName && !bias) || index.constants.has(input!)) return undefined;
  return { filter: filter.data, bias: bias?.data, dims: filter.dims, attributes: node.attributes };
}

/** Whether no convolution works on what `node` computes: what a network gives keeps all its digits. */
function isLast(node: GraphNode, index: GraphIndex): boolean {
  const readers = node.outputs.flatMap((name) => index.readersOf(name));
  return readers.every((reader) => !CONVOLVING.has(reader.op) && isLast(reader, index));
}

/** Sets of values that share their codes (union by relabelling: there are few and small ones). */
class ValueGroups {
  private readonly groups = new Map<string, readonly string[]>();

  membersOf(value: string): readonly string[] {
    return this.groups.get(value) ?? [value];
  }

  join(a: string, b: string): void {
    const members = [...new Set([...this.membersOf(a), ...this.membersOf(b)])];
    for (const member of members) this.groups.set(member, members);
  }
}
