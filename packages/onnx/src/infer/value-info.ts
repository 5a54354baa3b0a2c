// What rules of shape inference are given and find.
import type { ElementType, GraphNode } from '../graph.js';

/** What is known of a value before the graph runs. */
export interface ValueInfo {
  readonly type: ElementType;
  readonly dims: readonly number[];
}

/** A node with what is known of its inputs. */
export interface InferredNode {
  readonly node: GraphNode;
  /** The info of input `index`, which must be there. */
  input(index: number): ValueInfo;
  /** Elements of input `index`, or undefined where it is missing or no constant. */
  constant(index: number): readonly number[] | undefined;
}

/** Infos of the node's outputs; undefined where they depend on what is not known before the graph runs. */
export type InferRule = (inferred: InferredNode) => readonly ValueInfo[] | undefined;
