// Rewrites a float32 graph so that part of it works in float16, with as few casts as possible between the two.
import { ELEMENT_TYPE_CODES } from '../element-types.js';
import type { GraphConstant, GraphNode, GraphPort, OnnxGraph } from '../graph.js';
import { inferValues } from '../infer/infer-values.js';
import { takesFloat16 } from './classify-node.js';
import { HalfConstants } from './half-constants.js';
import { planPrecision, type PlannedGraph, type PrecisionOptions } from './plan-precision.js';

type FloatType = 'float32' | 'float16';

/**
 * `graph` with the nodes that `planPrecision` chooses in float16. A value is cast once, where it is first needed in the
 * other type; a constant is stored in each type that it is needed in.
 */
export function convertPrecision(graph: OnnxGraph, options: PrecisionOptions): OnnxGraph {
  const planned = { graph, infos: inferValues(graph), constants: new HalfConstants(graph) };
  return new PrecisionRewriter(planned, options).rewrite();
}

class PrecisionRewriter {
  private readonly half: ReadonlySet<GraphNode>;
  private readonly portType: FloatType;
  private readonly nodes: GraphNode[] = [];
  private readonly names: Set<string>;
  /** Float ports of the graph's outputs. */
  private readonly outputs: ReadonlySet<string>;
  /** The type that a float value is fed or computed in. */
  private readonly stored = new Map<string, FloatType>();
  /** Names of values in the type that they are not stored in. */
  private readonly others = new Map<string, string>();
  /** Constants that some node reads as float32. */
  private readonly singles: ReadonlySet<string>;

  constructor(
    private readonly planned: PlannedGraph,
    options: PrecisionOptions,
  ) {
    const { graph, infos } = planned;
    const isFloat = (port: GraphPort) => port.type === 'float32';
    this.half = planPrecision(planned, options);
    this.portType = options.float16Ports ? 'float16' : 'float32';
    this.names = new Set([...infos.keys(), ...graph.nodes.flatMap((node) => node.outputs)]);
    this.outputs = new Set(graph.outputs.filter(isFloat).map(({ name }) => name));
    for (const { name } of graph.inputs.filter(isFloat)) this.stored.set(name, this.portType);
    const readsSingle = (node: GraphNode) =>
      node.inputs.filter((_, index) => this.operandType(node, index) === 'float32');
    this.singles = new Set(graph.nodes.flatMap(readsSingle));
  }

  rewrite(): OnnxGraph {
    const { graph } = this.planned;
    for (const node of graph.nodes) this.rewriteNode(node);
    const asPort = (port: GraphPort): GraphPort => (port.type === 'float32' ? { ...port, type: this.portType } : port);
    return {
      nodes: this.nodes,
      constants: graph.constants.flatMap((constant) => this.storedConstants(constant)),
      inputs: graph.inputs.map(asPort),
      outputs: graph.outputs.map(asPort),
    };
  }

  private rewriteNode(node: GraphNode): void {
    const source = node.inputs[0] ?? '';
    if (node.op === 'Identity' && this.outputs.has(node.outputs[0]!) && this.stored.has(source)) {
      this.writeOutput(source, node.outputs[0]!);
      return;
    }
    const type = this.half.has(node) ? 'float16' : 'float32';
    const inputs = node.inputs.map((name, index) => this.operand(name, this.operandType(node, index)));
    const isMisplaced = (name: string) => this.outputs.has(name) && type !== this.portType;
    const outputs = node.outputs.map((name) => (isMisplaced(name) ? this.unusedName(name, type) : name));
    const attributes = node.op === 'Cast' && type === 'float16' ? castTo(type) : node.attributes;
    this.nodes.push({ ...node, inputs, outputs, attributes });
    node.outputs.forEach((name, index) => {
      if (this.isFloat(name)) this.stored.set(outputs[index]!, type);
      if (!isMisplaced(name)) return;
      this.writeOutput(outputs[index]!, name);
      this.others.set(name, outputs[index]!);
    });
  }

  /** The graph's output `name` out of the value `source`. */
  private writeOutput(source: string, name: string): void {
    const isReady = this.stored.get(source) === this.portType;
    this.emit(isReady ? 'Identity' : 'Cast', source, name, isReady ? {} : castTo(this.portType));
    this.stored.set(name, this.portType);
  }

  /** The type in which `node` reads input `index`; undefined where that is no float. */
  private operandType(node: GraphNode, index: number): FloatType | undefined {
    if (!this.isFloat(node.inputs[index]!)) return undefined;
    return this.half.has(node) && takesFloat16(node, index) ? 'float16' : 'float32';
  }

  private isFloat(name: string): boolean {
    return this.planned.infos.get(name)?.type === 'float32';
  }

  /** The name of value `name` in `type`. */
  private operand(name: string, type: FloatType | undefined): string {
    const isConstant = this.planned.constants.has(name);
    const stored = isConstant ? (this.singles.has(name) ? 'float32' : 'float16') : this.stored.get(name);
    if (type === undefined || stored === type) return name;
    const known = this.others.get(name);
    if (known !== undefined) return known;
    const other = this.unusedName(name, type);
    this.others.set(name, other);
    if (!isConstant) this.emit('Cast', name, other, castTo(type));
    return other;
  }

  private storedConstants(constant: GraphConstant): GraphConstant[] {
    const { name, dims, type } = constant;
    if (type !== 'float32') return [constant];
    const half = (stored: string): GraphConstant => {
      return { name: stored, dims, type: 'float16', data: this.planned.constants.halves(name) };
    };
    if (!this.singles.has(name)) return [half(name)];
    const other = this.others.get(name);
    return other === undefined ? [constant] : [constant, half(other)];
  }

  private emit(op: string, input: string, output: string, attributes: GraphNode['attributes']): void {
    this.nodes.push({ op, domain: '', inputs: [input], outputs: [output], attributes });
  }

  private unusedName(name: string, type: FloatType): string {
    let unused = `${name}/${type}`;
    while (this.names.has(unused)) unused += '_';
    this.names.add(unused);
    return unused;
  }
}

function castTo(type: FloatType): { readonly to: number } {
  return { to: ELEMENT_TYPE_CODES[type] };
}
