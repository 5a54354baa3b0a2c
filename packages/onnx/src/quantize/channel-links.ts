// Which channels of a graph's values must be scaled alike, so that scaling them leaves the graph's outputs unchanged.
import type { GraphNode, OnnxGraph } from '../graph.js';
import { readChannelAffine } from './channel-affine.js';
import type { GraphIndex } from './graph-index.js';

/** The set of channels whose scale must stay as it is. */
export const FIXED = -1;

/** Nodes for which scaling a channel of the input scales that of the output. */
const HOMOGENEOUS = new Set(['Relu', 'Resize', 'MaxPool']);

/**
 * Sets of channels (axis 1 of rank-4 values) that one factor must scale. A convolution or a batch-norm with constant
 * weights starts new ones, which it can scale; additions unite; batch-norms undo any scale; all other nodes but a few,
 * convolutions among them, fix what they read.
 */
export class ChannelLinks {
  /** Of each value the channels, each by a number of its own until an addition unites them. */
  private readonly channels = new Map<string, readonly number[]>();
  private readonly parents: number[] = [];
  private readonly fixed = new Set<number>();

  constructor(
    graph: OnnxGraph,
    private readonly index: GraphIndex,
  ) {
    for (const node of graph.nodes) {
      const linked = node.domain === '' && node.outputs.length === 1 ? this.linkResult(node) : undefined;
      if (linked) this.channels.set(node.outputs[0]!, linked);
      if (!linked || node.op === 'Conv') node.inputs.forEach((name) => this.fix(name));
    }
    graph.outputs.forEach(({ name }) => this.fix(name));
  }

  /** The set of each channel of `value`, or FIXED; undefined for values of other ranks and unknown ones. */
  channelsOf(value: string): readonly number[] | undefined {
    return this.channels.get(value)?.map((channel) => {
      const set = this.find(channel);
      return this.fixed.has(set) ? FIXED : set;
    });
  }

  /** Channels of the node's result; undefined where it depends on them in another way. */
  private linkResult(node: GraphNode): readonly number[] | undefined {
    const [first, second] = node.inputs as [string, string];
    if (node.op === 'Conv') {
      const biasIsConstant = !node.inputs[2] || this.index.floatConstant(node.inputs[2]) !== undefined;
      return this.start(biasIsConstant ? this.index.floatConstant(second)?.dims[0] : undefined);
    }
    const affine = readChannelAffine(node, this.index);
    if (affine) return this.start(affine.scale.length);
    const known = this.channels.get(first);
    if (!known) return undefined;
    if (HOMOGENEOUS.has(node.op) || (node.op === 'Slice' && this.keepsChannels(node))) return known;
    if (node.op === 'Add') return this.unite(known, this.channels.get(second));
    if (node.op !== 'Concat' || node.attributes['axis'] !== 1) return undefined;
    const parts = node.inputs.map((name) => this.channels.get(name));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }

  private keepsChannels(node: GraphNode): boolean {
    const axes = this.index.constants.get(node.inputs[3] ?? '')?.data;
    return axes !== undefined && Array.from(axes as ArrayLike<number | bigint>, Number).every((axis) => axis >= 2);
  }

  private start(count: number | undefined): readonly number[] | undefined {
    if (count === undefined) return undefined;
    return Array.from({ length: count }, () => this.parents.push(this.parents.length) - 1);
  }

  private unite(a: readonly number[], b: readonly number[] | undefined): readonly number[] | undefined {
    if (a.length !== b?.length) return undefined;
    a.forEach((channel, i) => {
      const from = this.find(channel);
      const to = this.find(b[i]!);
      this.parents[from] = to;
      if (this.fixed.has(from)) this.fixed.add(to);
    });
    return a;
  }

  private fix(name: string): void {
    for (const channel of this.channels.get(name) ?? []) this.fixed.add(this.find(channel));
  }

  private find(channel: number): number {
    let root = channel;
    while (this.parents[root] !== root) root = this.parents[root]!;
    this.parents[channel] = root;
    return root;
  }
}
