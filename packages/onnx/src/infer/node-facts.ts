// What rules about nodes ask of a node: its attributes with their defaults, and constant integers among its inputs.
import type { GraphConstant, GraphNode } from '../graph.js';

/** An integer attribute, or `otherwise` where the node has none. */
export function integerAttribute(node: GraphNode, name: string, otherwise: number): number {
  const value = node.attributes[name];
  return typeof value === 'number' ? value : otherwise;
}

/** A list of integers, or `otherwise` where the node has none. */
export function integersAttribute<T extends readonly number[] | undefined>(
  node: GraphNode,
  name: string,
  otherwise: T,
): readonly number[] | T {
  const value = node.attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : otherwise;
}

/** A text attribute, or `otherwise` where the node has none. */
export function textAttribute(node: GraphNode, name: string, otherwise: string): string {
  const value = node.attributes[name];
  return typeof value === 'string' ? value : otherwise;
}

/** Whether input `index` is there: optional inputs have an empty name or are left out. */
export function hasInput(node: GraphNode, index: number): boolean {
  return (node.inputs[index] ?? '') !== '';
}

/** Elements of a constant of any type as numbers. */
export function constantNumbers(constant: GraphConstant): number[] {
  return Array.from(constant.data as ArrayLike<number | bigint>, Number);
}

/** `axis` counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
