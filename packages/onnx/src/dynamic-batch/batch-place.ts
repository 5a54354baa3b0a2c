// Where a value keeps the images of a batch, and the common ground of the rules that follow them through nodes.
import type { GraphNode } from '../graph.js';
import type { InferredNode, ValueInfo } from '../infer/value-info.js';

/** Axis `axis` is batch · `multiple` long; the part of image n lies at n · multiple, and depends on image n alone. */
export interface BatchPlace {
  readonly axis: number;
  readonly multiple: number;
}

/** A node with what is known of its inputs and outputs, traced at `batch` images. */
export interface BatchNode extends InferredNode {
  readonly node: GraphNode;
  readonly batch: number;
  /** Where input `index` keeps the images; undefined where it depends on none. */
  place(index: number): BatchPlace | undefined;
  /** The info of the first output. */
  readonly output: ValueInfo;
}

/** What a rule finds. */
export interface BatchResult {
  /** Where every output keeps the images. */
  readonly place: BatchPlace;
  /** Integers that take the place of constant input 1, so that it no longer holds the batch. */
  readonly shape?: readonly number[];
}

/** Follows the images through a node of which some input depends on them. @throws BatchProblem where they do not stay apart. */
export type BatchRule = (node: BatchNode) => BatchResult;

/** Why a node does not keep the images apart. The message completes “a node which …”. */
export class BatchProblem extends Error {}

/** The place of input 0, which must be the only one that depends on the images. */
export function onlyFirst({ node, place }: BatchNode): BatchPlace {
  if (node.inputs.some((_, index) => index > 0 && place(index))) {
    throw new BatchProblem('takes more than its first input from the batch');
  }
  return place(0)!;
}

/** Throws where `axes` contain the batch's; `action` completes “which … the batch”. */
export function assertApart(place: BatchPlace, axes: readonly number[], action: string): void {
  if (axes.includes(place.axis)) throw new BatchProblem(`${action} the batch`);
}

/** An operand of a broadcasting node; its axes may be fewer than the result's. */
export interface BroadcastOperand {
  readonly dims: readonly number[];
  readonly place: BatchPlace | undefined;
}

/** The place in a broadcast result of `rank`. */
export function broadcastPlace(operands: readonly BroadcastOperand[], rank: number): BatchPlace {
  let found: BatchPlace | undefined;
  for (const { dims, place } of operands) {
    if (!place) continue;
    const axis = place.axis + rank - dims.length;
    if (found && (found.axis !== axis || found.multiple !== place.multiple)) {
      throw new BatchProblem('combines different images');
    }
    found = { axis, multiple: place.multiple };
  }
  for (const { dims, place } of operands) {
    const length = dims[found!.axis - rank + dims.length] ?? 1;
    if (!place && length !== 1) throw new BatchProblem(`has an operand of fixed length ${length} along the batch`);
  }
  return found!;
}
