// A recorded graph as the bytes of an ONNX model: weights inside, reduced precision, a batch of any size.
import { ArgumentError, ShapeError } from '@hovernet/core';
import type { HostData } from '@hovernet/ops/contract';
import { makeBatchDynamic } from './dynamic-batch/make-batch-dynamic.js';
import { freeSizes } from './dynamic-size/free-sizes.js';
import { encodeModel } from './encode-model.js';
import type { GraphConstant, GraphPort, OnnxGraph } from './graph.js';
import { sizeOf } from './layout.js';
import { compactConstants } from './precision/compact-constants.js';
import { convertPrecision } from './precision/convert-precision.js';
import { normalizeBatchNorms } from './precision/normalize-batch-norms.js';
import { foldBatchNorms } from './quantize/fold-batch-norms.js';
import { adaptToWebgpu } from './webgpu/adapt-to-webgpu.js';

/** How numbers are stored and computed: see {@link ToOnnxOptions.precision}. */
export type Precision = 'float32' | 'mixed' | 'float16';

export interface ToOnnxOptions {
  /**
   * Elements of inputs that become constants of the model, by the input's name, in the order of the input's dimensions.
   * They are copied once, into the result; those that nothing reads are left out. @default none
   */
  readonly weights?: ReadonlyMap<string, HostData>;
  /**
   * - `float32`: as recorded.
   * - `mixed`, for training: convolutions and matrix products compute in float16, everything else in float32; weights that
   *   are inputs stay float32 and gradients come out as float32.
   * - `float16`, for inference: everything in float16 but what would lose digits or range (sums, exponentials, divisions,
   *   constants beyond float16); weights are stored as float16, batch-norms go into them or are made to fit.
   * @default 'float32'
   */
  readonly precision?: Precision;
  /** Whether the model's float inputs and outputs are float16 too, where `precision` is not float32. @default false */
  readonly float16Ports?: boolean;
  /**
   * Inputs whose leading axis may have any length, called `batch` in the model; true for all inputs. Every output then has
   * that axis in front, and each of its items depends on the same item of the inputs alone. @default false
   */
  readonly dynamicBatch?: boolean | readonly string[];
  /**
   * The same program traced at another height and width: axes of inputs and outputs that differ may have any length. The
   * two traces must come to one graph, as those of a network with a padded decoder do. @default none
   */
  readonly dynamicSize?: OnnxGraph;
  /**
   * Whether large float32 constants that float16 holds exactly are stored as such, to be cast when a session starts: weights
   * that were stored as float16 take half of the bytes, and no number changes. @default false
   */
  readonly compact?: boolean;
  /**
   * Whether nodes that ONNX Runtime 1.30 computes wrong on WebGPU are replaced by others of the same result. The model runs
   * on every provider then; the nodes of the presets at their own width stay as they are. @default false
   */
  readonly webgpu?: boolean;
  /** Texts that the model carries as metadata_props. @default none */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Bytes of a valid ONNX model (opset 17, IR version 8) of `graph`.
 *
 * float16 numbers are rounded to nearest, ties to even, and too small ones become zero; a node whose constants hold a larger
 * one than 65,504 stays in float32. Providers of ONNX Runtime without float16 kernels, such as its CPU, compute such nodes
 * in float32.
 *
 * @throws ArgumentError for weights or dynamic inputs that the graph does not have, ShapeError for weights of another size,
 * UnsupportedError for a batch that some node does not keep apart, a size that some node holds, or a model of 2 GiB or more.
 */
export function toOnnx(graph: OnnxGraph, options: ToOnnxOptions = {}): Uint8Array {
  const { dynamicSize, compact = false, metadata } = options;
  const prepared = prepareGraph(graph, options);
  const sized = dynamicSize ? freeSizes(prepared, prepareGraph(dynamicSize, options)) : prepared;
  return encodeModel(compact ? compactConstants(sized) : sized, metadata);
}

function prepareGraph(graph: OnnxGraph, options: ToOnnxOptions): OnnxGraph {
  const { weights = new Map(), precision = 'float32', float16Ports = false, dynamicBatch = false } = options;
  const given = bindWeights(graph, weights);
  const bound = options.webgpu ? adaptToWebgpu(given) : given;
  const batched = dynamicBatch === false ? bound : makeBatchDynamic(bound, dynamicBatch);
  if (precision === 'float32') return batched;
  const folded = precision === 'float16' ? normalizeBatchNorms(foldBatchNorms(batched)) : batched;
  return convertPrecision(folded, { precision, float16Ports });
}

function bindWeights(graph: OnnxGraph, weights: ReadonlyMap<string, HostData>): OnnxGraph {
  const inputs = new Map(graph.inputs.map((port) => [port.name, port]));
  const read = new Set(graph.nodes.flatMap((node) => node.inputs));
  const constants: GraphConstant[] = [];
  for (const [name, data] of weights) {
    const port = inputs.get(name);
    if (!port) throw new ArgumentError(`toOnnx: weights: expected names of inputs of the graph, got ${name}`);
    assertElements(port, data);
    if (read.has(name)) constants.push({ name, type: port.type, dims: port.dims, data });
    inputs.delete(name);
  }
  return { ...graph, inputs: [...inputs.values()], constants: [...constants, ...graph.constants] };
}

function assertElements({ name, type, dims }: GraphPort, data: HostData): void {
  const given = data instanceof Int32Array ? 'int32' : 'float32';
  const size = sizeOf(dims);
  if (data.length === size && given === type) return;
  throw new ShapeError(
    `toOnnx: weights: ${name}`,
    `${size} elements of ${type} for [${dims.join(', ')}]`,
    `${data.length} of ${given}`,
  );
}
