// Writes the graph that a quantisation plan describes.
import type { ConstantData, ElementType, GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { affineCodes, uniteRanges, type AffineCodes } from './affine-codes.js';
import type { ValueRanges } from './choose-range.js';
import { withNodes } from './graph-index.js';
import type { ComputingStep, ConstantConvolution, QuantizationPlan } from './plan-quantization.js';
import { quantizeFilter } from './quantize-filter.js';

export interface WriterOptions {
  readonly ranges: ValueRanges;
  readonly weightBits: 7 | 8;
}

/** Scale and zero point of a value, and the constants that hold them. */
interface Parameters extends AffineCodes {
  readonly names: readonly [scale: string, zeroPoint: string];
}

/**
 * A value `v` of the float32 graph that is computed here is `v/exact` before it is rounded, `v/codes` as uint8, and `v` when
 * it is dequantised again, where anything reads it so.
 */
export class QuantizedGraphWriter {
  private readonly nodes: GraphNode[] = [];
  private readonly constants: GraphConstant[];
  /** Values that have codes. */
  private readonly coded = new Set<string>();
  /** Values that the float32 part of the graph computes or is given. */
  private readonly floats: Set<string>;
  private readonly dequantized = new Map<string, string>();
  private readonly parameters = new Map<string, Parameters>();
  private readonly constantPairs = new Map<string, Parameters['names']>();

  constructor(
    private readonly graph: OnnxGraph,
    private readonly plan: QuantizationPlan,
    private readonly options: WriterOptions,
  ) {
    this.constants = [...graph.constants];
    this.floats = new Set([...graph.inputs, ...graph.constants].map(({ name }) => name));
  }

  write(): OnnxGraph {
    for (const node of this.graph.nodes) this.writeNode(node);
    for (const { name } of this.graph.outputs) this.asFloat(name);
    return withNodes(this.graph, this.nodes, this.constants);
  }

  private writeNode(node: GraphNode): void {
    const step = this.plan.steps.get(node);
    if (!step) {
      this.nodes.push({ ...node, inputs: node.inputs.map((name) => this.asFloat(name)) });
      for (const name of node.outputs) this.floats.add(name);
    } else if (step.kind === 'move') this.move(node, step.operands);
    else if (step.kind === 'interpolate') this.interpolate(node);
    else if (step.kind !== 'absorbed') this.compute(node, step);
  }

  /** Moved codes mean what they meant. */
  private move(node: GraphNode, operands: readonly string[]): void {
    const inputs = node.inputs.map((name) => (operands.includes(name) ? this.asCodes(name) : name));
    const result = node.outputs[0]!;
    this.nodes.push({ ...node, inputs, outputs: [codesOf(result)] });
    this.coded.add(result);
  }

  private interpolate(node: GraphNode): void {
    const [input, ...others] = node.inputs;
    const result = node.outputs[0]!;
    const computed = this.emit(node.op, [this.asOperand(input!), ...others], `${result}/exact`, node.attributes);
    this.quantize(result, computed);
  }

  /** A result's codes stop at that of the least number: where this is 0 they need no ReLU. */
  private compute(node: GraphNode, step: ComputingStep): void {
    const result = (step.relu ?? node).outputs[0]!;
    const needsRelu = step.relu !== undefined && this.parametersOf(result).zeroPoint > 0;
    const computed = `${result}/exact`;
    const first = needsRelu ? `${result}/before` : computed;
    if (step.kind === 'add') this.add(node.inputs, first);
    else this.convolve(node.inputs[0]!, step.convolution, first);
    if (needsRelu) this.emit('Relu', [first], computed);
    this.quantize(result, computed);
  }

  private add(inputs: readonly string[], output: string): void {
    const operands = inputs.map((name) => this.asOperand(name));
    this.emit('Add', operands, output);
  }

  private convolve(input: string, { dims, attributes, ...weights }: ConstantConvolution, output: string): void {
    const outChannels = dims[0]!;
    const inputScale = this.parametersOf(input).scale;
    const x = this.asOperand(input);
    const { codes, scales, bias } = quantizeFilter(
      { ...weights, outChannels },
      { inputScale, bits: this.options.weightBits },
    );
    const zeros = this.constant(`${output}/filter/zero`, 'int8', [outChannels], new Int8Array(outChannels));
    const filterCodes = this.constant(`${output}/filter/codes`, 'int8', dims, codes);
    const filterScales = this.constant(`${output}/filter/scale`, 'float32', [outChannels], scales);
    const operands = [
      x,
      this.emit('DequantizeLinear', [filterCodes, filterScales, zeros], `${output}/filter`, { axis: 0 }),
    ];
    if (weights.bias) {
      const biasCodes = this.constant(`${output}/bias/codes`, 'int32', [outChannels], bias);
      const productScales = scales.map((scale) => scale * inputScale);
      const biasScales = this.constant(`${output}/bias/scale`, 'float32', [outChannels], productScales);
      operands.push(this.emit('DequantizeLinear', [biasCodes, biasScales], `${output}/bias`, { axis: 0 }));
    }
    this.emit('Conv', operands, output, attributes);
  }

  private quantize(value: string, source: string): void {
    this.emit('QuantizeLinear', [source, ...this.parametersOf(value).names], codesOf(value));
    this.coded.add(value);
  }

  /** The codes of `name`, made where only numbers are there so far. */
  private asCodes(name: string): string {
    if (!this.coded.has(name)) this.quantize(name, name);
    return codesOf(name);
  }

  /** The numbers that the codes of `name` stand for. */
  private asOperand(name: string): string {
    const known = this.dequantized.get(name);
    if (known !== undefined) return known;
    const output = this.floats.has(name) ? `${name}/rounded` : name;
    this.dequantized.set(name, output);
    return this.emit('DequantizeLinear', [this.asCodes(name), ...this.parametersOf(name).names], output);
  }

  /** The numbers of `name` as exactly as they are there. */
  private asFloat(name: string): string {
    return name === '' || this.floats.has(name) ? name : this.asOperand(name);
  }

  private parametersOf(value: string): Parameters {
    const known = this.parameters.get(value);
    if (known) return known;
    const ranges = this.plan.sharedWith(value).flatMap((name) => this.options.ranges.get(name) ?? []);
    const codes = affineCodes(uniteRanges(ranges));
    const key = `${codes.scale}:${codes.zeroPoint}`;
    const names = this.constantPairs.get(key) ?? [
      this.constant(`${value}/scale`, 'float32', [], Float32Array.of(codes.scale)),
      this.constant(`${value}/zero`, 'uint8', [], Uint8Array.of(codes.zeroPoint)),
    ];
    this.constantPairs.set(key, names);
    const parameters = { ...codes, names };
    this.parameters.set(value, parameters);
    return parameters;
  }

  private constant(name: string, type: ElementType, dims: readonly number[], data: ConstantData): string {
    this.constants.push({ name, type, dims, data });
    return name;
  }

  private emit(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: GraphNode['attributes'] = {},
  ): string {
    this.nodes.push({ op, domain: '', inputs, outputs: [output], attributes });
    return output;
  }
}

function codesOf(value: string): string {
  return `${value}/codes`;
}
