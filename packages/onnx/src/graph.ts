// An ONNX graph under construction: nodes without duplicates, shared constants, dead parts removed at the end.

/** Element types that graphs use. */
export type ElementType = 'float32' | 'int32' | 'bool' | 'int64' | 'float16' | 'int8' | 'uint8';

/** Elements of a constant, in physical order. */
export type ConstantData = Float32Array | Int32Array | Uint8Array | Int8Array | BigInt64Array | Uint16Array;

/** Attribute of a node: integer, float, string or list of integers. */
export type Attribute = number | { readonly float: number } | string | readonly number[];

export interface GraphNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An input or output: its name and physical dimensions. */
export interface GraphPort {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Names of axes that may have any length, by axis; `dims` holds the length that was traced. @default none */
  readonly symbols?: Readonly<Record<number, string>>;
}

export interface GraphConstant {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: ConstantData;
}

/** A finished graph. */
export interface OnnxGraph {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly GraphConstant[];
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
}

/** Constants up to this many elements are compared and shared; larger ones are taken as they come. */
const SHARED_CONSTANT_ELEMENTS = 4096;

export class GraphBuilder {
  private nodes: GraphNode[] = [];
  private readonly constants = new Map<string, GraphConstant>();
  private readonly sharedConstants = new Map<string, string>();
  private readonly results = new Map<string, string[]>();
  private readonly inputs: GraphPort[] = [];
  private readonly outputs: (GraphPort & { readonly value: string })[] = [];
  private counter = 0;

  /** Adds an input; it stays an input even if nothing uses it. */
  input(name: string, type: ElementType, dims: readonly number[]): string {
    this.inputs.push({ name, type, dims });
    return name;
  }

  /** Adds a node, or finds the one that computes the same, and returns the name of its only output. */
  emit(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}, domain = ''): string {
    return this.emitMany(op, inputs, attributes, 1, domain)[0]!;
  }

  /** As {@link emit} for a node with `count` outputs. */
  emitMany(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute>,
    count: number,
    domain = '',
  ): readonly string[] {
    const key = `${domain}:${op}|${inputs.join(',')}|${JSON.stringify(attributes)}|${count}`;
    const known = this.results.get(key);
    if (known) return known;
    const outputs = Array.from({ length: count }, () => `${op}_${this.counter++}`);
    this.nodes.push({ op, domain, inputs, outputs, attributes });
    this.results.set(key, outputs);
    return outputs;
  }

  /** Adds a constant and returns its name; equal small constants without a name of their own share one. */
  constant(data: ConstantData, dims: readonly number[], type: ElementType, name?: string): string {
    if (name === undefined && data.length <= SHARED_CONSTANT_ELEMENTS) {
      const key = `${type}[${dims.join(',')}]${data.join(',')}`;
      const known = this.sharedConstants.get(key) ?? this.addConstant(`constant_${this.counter++}`, data, dims, type);
      this.sharedConstants.set(key, known);
      return known;
    }
    return this.addConstant(name ?? `constant_${this.counter++}`, data, dims, type);
  }

  private addConstant(name: string, data: ConstantData, dims: readonly number[], type: ElementType): string {
    this.constants.set(name, { name, type, dims, data });
    return name;
  }

  /** A constant vector of integers, as ONNX requires for axes, shapes and pads. */
  integers(values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], 'int64');
  }

  /** A constant of zeros; all of one shape are one. */
  zeros(dims: readonly number[]): string {
    const key = `zeros[${dims.join(',')}]`;
    const known = this.sharedConstants.get(key);
    if (known !== undefined) return known;
    const size = dims.reduce((product, length) => product * length, 1);
    const name = this.addConstant(`constant_${this.counter++}`, new Float32Array(size), dims, 'float32');
    this.sharedConstants.set(key, name);
    return name;
  }

  /** A constant scalar. */
  scalar(value: number): string {
    return this.constant(Float32Array.of(value), [], 'float32');
  }

  /** Makes `value` an output called `name`. */
  output(name: string, value: string, type: ElementType, dims: readonly number[]): void {
    if (this.inputs.some((port) => port.name === name)) {
      throw new Error(`expected outputs named otherwise than the inputs, got ${name} for both`);
    }
    this.outputs.push({ name, type, dims, value });
  }

  /** The graph without nodes and constants that no output needs. */
  finish(): OnnxGraph {
    const names = this.nameOutputs();
    const needed = new Set(this.outputs.map((port) => port.name));
    const kept: GraphNode[] = [];
    for (const node of this.nodes.reverse()) {
      const outputs = node.outputs.map((name) => names.get(name) ?? name);
      if (!outputs.some((name) => needed.has(name))) continue;
      const inputs = node.inputs.map((name) => names.get(name) ?? name);
      kept.push({ ...node, inputs, outputs });
      for (const name of inputs) needed.add(name);
    }
    this.nodes = [];
    return {
      nodes: kept.reverse(),
      constants: [...this.constants.values()].filter((constant) => needed.has(constant.name)),
      inputs: this.inputs,
      outputs: this.outputs.map(({ name, type, dims }) => ({ name, type, dims })),
    };
  }

  /** New names of the values that are outputs; an input, a constant or a value that is two outputs gets a node of its own. */
  private nameOutputs(): Map<string, string> {
    const made = new Set(this.nodes.flatMap((node) => node.outputs));
    const names = new Map<string, string>();
    for (const { name, value } of this.outputs) {
      if (made.has(value) && !names.has(value)) names.set(value, name);
      else this.nodes.push({ op: 'Identity', domain: '', inputs: [value], outputs: [name], attributes: {} });
    }
    return names;
  }
}
