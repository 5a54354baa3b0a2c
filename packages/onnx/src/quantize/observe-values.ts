// Makes a graph report ranges and single elements of values inside it.
import { UnsupportedError } from '@hovernet/core';
import type { GraphConstant, GraphNode, GraphPort, OnnxGraph } from '../graph.js';
import { inferValues } from '../infer/infer-values.js';
import { sizeOf } from '../layout.js';

/** The outputs that tell of one value. */
export interface ObservedValue {
  /** Least and greatest element of each channel, float32 `[channels]`. */
  readonly min: string;
  readonly max: string;
  /** Some elements, float32 `[elementCount]`. */
  readonly elements: string;
  /** Number of channels (axis 1); 1 for values that are not of rank 4. */
  readonly channels: number;
  /** The channel of each of `elements`. */
  readonly elementChannels: Uint16Array;
}

export interface ObservedGraph {
  readonly graph: OnnxGraph;
  readonly values: ReadonlyMap<string, ObservedValue>;
}

/** 2³² times the fractional part of the golden ratio: its multiples modulo 2³² fill the range evenly. */
const GOLDEN = 2654435769;
const FULL = 2 ** 32;

/**
 * `graph` whose only outputs tell of the float32 values `names`: ranges of channels, and `elementCount` elements from
 * positions that spread evenly without following rows, columns or channels (repeated where a value has fewer).
 * @throws UnsupportedError where the dimensions of a value are not known before the graph runs.
 */
export function observeValues(graph: OnnxGraph, names: readonly string[], elementCount: number): ObservedGraph {
  const infos = inferValues(graph);
  const nodes: GraphNode[] = [...graph.nodes];
  const constants = new Map<string, GraphConstant>(graph.constants.map((constant) => [constant.name, constant]));
  const outputs: GraphPort[] = [];
  const emit = (op: string, inputs: readonly string[], output: string, attributes: GraphNode['attributes'] = {}) => {
    nodes.push({ op, domain: '', inputs, outputs: [output], attributes });
    return output;
  };
  const addIntegers = (name: string, data: BigInt64Array) => {
    constants.set(name, { name, type: 'int64', dims: [data.length], data });
    return name;
  };
  const values = new Map<string, ObservedValue>();
  for (const name of names) {
    const dims = infos.get(name)?.dims;
    if (!dims) throw new UnsupportedError(`calibration: expected known dimensions of ${name}, got none`);
    const size = sizeOf(dims);
    const positions = Array.from({ length: elementCount }, (_, i) => Math.floor((((i * GOLDEN) % FULL) / FULL) * size));
    const [channels, plane] = dims.length === 4 ? [dims[1]!, dims[2]! * dims[3]!] : [1, size];
    const reduction = { keepdims: 0, ...(dims.length === 4 && { axes: [0, 2, 3] }) };
    const flat = emit('Reshape', [name, addIntegers('observed/flat', BigInt64Array.of(-1n))], `${name}/flat`);
    const picked = addIntegers(`observed/positions/${size}`, BigInt64Array.from(positions, BigInt));
    const observed = {
      min: emit('ReduceMin', [name], `${name}/min`, reduction),
      max: emit('ReduceMax', [name], `${name}/max`, reduction),
      elements: emit('Gather', [flat, picked], `${name}/elements`),
    };
    for (const port of [observed.min, observed.max]) {
      outputs.push({ name: port, type: 'float32', dims: dims.length === 4 ? [channels] : [] });
    }
    outputs.push({ name: observed.elements, type: 'float32', dims: [elementCount] });
    const elementChannels = Uint16Array.from(positions, (position) => Math.floor(position / plane) % channels);
    values.set(name, { ...observed, channels, elementChannels });
  }
  return { graph: { ...graph, nodes, constants: [...constants.values()], outputs }, values };
}
