// Makes the leading axis of inputs and outputs symbolic, once it is proven, node by node, that it is a batch.
import { ArgumentError, ShapeError, UnsupportedError } from '@hovernet/core';
import type { GraphConstant, GraphNode, GraphPort, OnnxGraph } from '../graph.js';
import { inferValues } from '../infer/infer-values.js';
import { constantNumbers } from '../infer/node-facts.js';
import type { ValueInfo } from '../infer/value-info.js';
import { BatchProblem, type BatchPlace, type BatchResult } from './batch-place.js';
import { batchRules } from './batch-rules.js';

/** Name of the axis in the model. */
const BATCH = 'batch';

/** Where a value keeps the images, or why it does not keep them apart. */
type Followed = BatchPlace | { readonly problem: string };

/**
 * `graph`, traced at some number of images, for any number of them. The leading axis of the inputs called `names` (true: of
 * all) is the batch. Each output must have the batch as its leading axis, and part n of it must depend on part n of those
 * inputs alone; shapes within the graph that hold the batch's length are replaced.
 * @throws ArgumentError for an unknown name; ShapeError for inputs without that axis, or of several lengths of it;
 * UnsupportedError that names the output, the node and what it does to the batch.
 */
export function makeBatchDynamic(graph: OnnxGraph, names: true | readonly string[]): OnnxGraph {
  const inputs = chooseInputs(graph, names);
  const batch = inputs[0]?.dims[0] ?? 1;
  const follower = new BatchFollower(graph, batch);
  for (const { name } of inputs) follower.followed.set(name, { axis: 0, multiple: 1 });
  const nodes = graph.nodes.map((node) => follower.follow(node));
  for (const { name } of graph.outputs) assertLeading(name, follower.followed.get(name), batch);
  const chosen = new Set(inputs.map(({ name }) => name));
  const asDynamic = (port: GraphPort): GraphPort => ({ ...port, symbols: { ...port.symbols, 0: BATCH } });
  return {
    nodes,
    constants: [...graph.constants, ...follower.shapes],
    inputs: graph.inputs.map((port) => (chosen.has(port.name) ? asDynamic(port) : port)),
    outputs: graph.outputs.map(asDynamic),
  };
}

function chooseInputs(graph: OnnxGraph, names: true | readonly string[]): GraphPort[] {
  const inputs = names === true ? [...graph.inputs] : names.map((name) => findInput(graph, name));
  for (const { name, dims } of inputs) {
    const [leading] = dims;
    if (leading === undefined || leading !== inputs[0]!.dims[0]) {
      const expected =
        leading === undefined ? 'a leading axis' : `${inputs[0]!.dims[0]} items as ${inputs[0]!.name} has`;
      throw new ShapeError(`toOnnx: dynamicBatch: input ${name}`, expected, `[${dims.join(', ')}]`);
    }
  }
  return inputs;
}

function findInput(graph: OnnxGraph, name: string): GraphPort {
  const port = graph.inputs.find((input) => input.name === name);
  if (port) return port;
  const known = graph.inputs.map((input) => input.name).join(', ');
  throw new ArgumentError(`toOnnx: dynamicBatch: expected names among the inputs ${known}, got ${name}`);
}

function assertLeading(output: string, followed: Followed | undefined, batch: number): void {
  // Of one image, the axes may be recorded in an order that several do not have.
  const remedy = `trace the program at ${batch === 1 ? 'two items, or at ' : ''}the batch that it is to run at`;
  const refuse = (got: string) => {
    throw new UnsupportedError(
      `toOnnx: dynamicBatch: output ${output}: expected one item for each of the batch, along its leading axis, got ${got}; ${remedy}`,
    );
  };
  if (!followed) return refuse('a value that does not depend on the batch');
  if ('problem' in followed) return refuse(followed.problem);
  if (followed.axis !== 0) return refuse(`the batch along axis ${followed.axis}`);
  if (followed.multiple !== 1) return refuse(`${followed.multiple} of each along it`);
}

class BatchFollower {
  /** By name of value; values that do not depend on the batch are missing. */
  readonly followed = new Map<string, Followed>();
  /** Constants for shapes that held the batch. */
  readonly shapes: GraphConstant[] = [];
  private readonly infos: ReadonlyMap<string, ValueInfo>;
  private readonly constants: ReadonlyMap<string, GraphConstant>;

  constructor(
    graph: OnnxGraph,
    private readonly batch: number,
  ) {
    this.infos = inferValues(graph);
    this.constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
  }

  /** Notes where the node's outputs keep the images, and returns the node for any number of them. */
  follow(node: GraphNode): GraphNode {
    const inputs = node.inputs.flatMap((name) => this.followed.get(name) ?? []);
    if (inputs.length === 0) return node;
    const problem = inputs.find((followed) => 'problem' in followed);
    const result = problem ?? this.applyRule(node);
    const followed = 'problem' in result ? result : result.place;
    for (const name of node.outputs) this.followed.set(name, followed);
    if (!('shape' in result) || !result.shape) return node;
    const name = `${node.outputs[0]!}/shape`;
    const data = BigInt64Array.from(result.shape, BigInt);
    this.shapes.push({ name, type: 'int64', dims: [data.length], data });
    return { ...node, inputs: [node.inputs[0]!, name] };
  }

  private applyRule(node: GraphNode): BatchResult | { readonly problem: string } {
    const output = this.infos.get(node.outputs[0]!);
    const rule = node.domain === '' ? batchRules[node.op] : undefined;
    const describe = (why: string) => ({ problem: `${node.outputs[0]!} (${node.op}), which ${why}` });
    if (!rule || !output) return describe('is not known to keep the items of a batch apart');
    try {
      return rule({
        node,
        batch: this.batch,
        output,
        input: (index) => this.infos.get(node.inputs[index]!)!,
        place: (index) => this.followed.get(node.inputs[index] ?? '') as BatchPlace | undefined,
        constant: (index) => {
          const constant = this.constants.get(node.inputs[index] ?? '');
          return constant && constantNumbers(constant);
        },
      });
    } catch (error) {
      if (error instanceof BatchProblem) return describe(error.message);
      throw error;
    }
  }
}
