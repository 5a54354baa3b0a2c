// Stores constants in half of the bytes where that changes no number.
import { decodeHalfFloats, encodeHalfFloats } from '@hovernet/core';
import { ELEMENT_TYPE_CODES } from '../element-types.js';
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';

/** Smaller ones are not worth a node. */
const SMALLEST_ELEMENTS = 256;

/** `graph` with large float32 constants that float16 holds exactly as float16, cast to float32 when a session starts. */
export function compactConstants(graph: OnnxGraph): OnnxGraph {
  const casts: GraphNode[] = [];
  const constants = graph.constants.map((constant): GraphConstant => {
    const { name, type, data } = constant;
    if (type !== 'float32' || data.length < SMALLEST_ELEMENTS) return constant;
    const halves = encodeHalfFloats(data as Float32Array);
    if (!decodeHalfFloats(halves).every((value, index) => Object.is(value, data[index]))) return constant;
    const stored = `${name}/float16`;
    const attributes = { to: ELEMENT_TYPE_CODES.float32 };
    casts.push({ op: 'Cast', domain: '', inputs: [stored], outputs: [name], attributes });
    return { ...constant, name: stored, type: 'float16', data: halves };
  });
  return { ...graph, nodes: [...casts, ...graph.nodes], constants };
}
