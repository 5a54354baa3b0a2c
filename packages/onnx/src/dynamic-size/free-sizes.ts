// Frees the axes of inputs and outputs whose length a graph does not depend on, shown by two recordings of one program.
import { UnsupportedError } from '@hovernet/core';
import type { GraphConstant, GraphNode, GraphPort, OnnxGraph } from '../graph.js';

/** Names of the axes of images `[batch, channels, height, width]`. */
const AXES = ['batch', 'channels', 'height', 'width'];

/**
 * `graph` with every axis free in whose length `other`, the same program recorded at other sizes, differs. Record the two
 * with heights and widths that all differ, so that no length stands for another.
 * @throws UnsupportedError where the graphs differ in a node or constant: that one holds the size.
 */
export function freeSizes(graph: OnnxGraph, other: OnnxGraph): OnnxGraph {
  assertSameNodes(graph.nodes, other.nodes);
  assertSameConstants(graph.constants, other.constants);
  return {
    ...graph,
    inputs: graph.inputs.map((port, index) => freePort(port, other.inputs[index]!, 'input')),
    outputs: graph.outputs.map((port, index) => freePort(port, other.outputs[index]!, 'output')),
  };
}

function assertSameNodes(nodes: readonly GraphNode[], others: readonly GraphNode[]): void {
  nodes.forEach((node, index) => {
    if (JSON.stringify(node) !== JSON.stringify(others[index])) refuse(`node ${node.outputs[0]} (${node.op})`);
  });
  if (nodes.length !== others.length) refuse('the number of nodes');
}

function assertSameConstants(constants: readonly GraphConstant[], others: readonly GraphConstant[]): void {
  const byName = new Map(others.map((constant) => [constant.name, constant]));
  for (const { name, dims, data } of constants) {
    const other = byName.get(name);
    const isSame = other?.dims.join() === dims.join() && data.every((value, i) => Object.is(value, other.data[i]));
    if (!isSame) refuse(`the constant ${name} of [${dims.join(', ')}]`);
  }
}

function refuse(part: string): never {
  throw new UnsupportedError(
    `toOnnx: dynamicSize: expected a program whose graph is the same at every size, got one whose size is in ${part}; ` +
      'fix the size, or use a network with a padded decoder',
  );
}

function freePort(port: GraphPort, other: GraphPort, kind: 'input' | 'output'): GraphPort {
  const isImage = port.dims.length === AXES.length;
  const free = port.dims.flatMap((length, axis): [number, string][] => {
    return length === other.dims[axis] ? [] : [[axis, `${kind}_${isImage ? AXES[axis]! : `axis_${axis}`}`]];
  });
  return free.length === 0 ? port : { ...port, symbols: { ...port.symbols, ...Object.fromEntries(free) } };
}
