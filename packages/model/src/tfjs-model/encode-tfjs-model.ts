// The network with its weights as a graph model of TensorFlow.js.
import { encodeHalfFloats, WeightsError } from '@hovernet/core';
import { assertFitsHalf } from '@hovernet/files/internal';
import { describeConfig, type WeightsDescription } from '../checkpoint-metadata.js';
import type { HoverNetConfig } from '../config.js';
import { declareNetwork, runNetwork, type NetworkOutput } from '../network.js';
import type { StateDict } from '../state-dict.js';
import { listTensors, type TensorEntry } from '../tensors.js';
import { compareTensors, describeCoverage } from '../weight-coverage.js';
import { batchCountsKey, describeBatchCounts } from './batch-counts.js';
import { toTensorflowOrder, toTensorflowShape } from './filter-layout.js';
import { graphShape, type GraphEndpoint } from './graph-def.js';
import { GraphOperations, type GraphValue } from './graph-operations.js';
import { GraphWriter } from './graph-writer.js';
import { graphModelFormat, type TfjsModelArtifacts, type TfjsWeightSpec } from './model-artifacts.js';

export interface EncodeTfjsModelOptions extends Partial<Omit<WeightsDescription, 'config'>> {
  /** How filters are stored; TensorFlow.js computes in float32 in any case, and vectors stay float32. @default 'float32' */
  readonly precision?: 'float32' | 'float16';
  /** More texts by name. @default none */
  readonly metadata?: Readonly<Record<string, string>>;
}

interface StoredWeight {
  readonly spec: TfjsWeightSpec;
  readonly data: Float32Array | Int32Array | Uint16Array;
}

/** As graphs of TensorFlow 2 have them; TensorFlow.js needs them to be there and only shows them. */
const graphVersions = { producer: 440, minConsumer: 12 };
const anySize = -1;

/**
 * A model for `tf.loadGraphModel(tf.io.fromMemory(artifacts))`, evaluation only. Input `image`, `[batch, height, width,
 * inChannels]` float32, RGB, 0…1, of any batch and any size that `outputSize` takes; others end in errors of TensorFlow.js.
 * `predict` gives `{ np, hv, nc }`, `[batch, h, w, channels]`, raw, as `hoverNetForward`; no `nc` without a type branch.
 * Weights keep the state dict's names. Batch counters and the configuration are in `userDefinedMetadata.hovernet`.
 * @throws WeightsError where the state dict does not fit the network, or a filter does not fit float16.
 */
export function encodeTfjsModel(
  config: HoverNetConfig,
  state: StateDict,
  options: EncodeTfjsModelOptions = {},
): TfjsModelArtifacts {
  const { precision = 'float32', metadata = {} } = options;
  const entries = listTensors(config);
  assertComplete(entries, state);
  const graph = new GraphWriter();
  const image: GraphValue = { output: 'image', channels: config.inChannels, scale: 1, offset: 0 };
  graph.placeholder(image.output, [anySize, anySize, anySize, image.channels]);
  const output = runNetwork(declareNetwork(config), new GraphOperations(graph, config.reference), image);

  const weights = entries
    .filter(({ dtype }) => dtype === 'float32')
    .map((entry) => storeWeight(entry, state, precision));
  for (const [name, { shape, data }] of graph.integers) {
    weights.push({ spec: { name, shape: [...shape], dtype: 'int32' }, data });
  }
  const stored = [
    ...weights.filter(({ spec }) => !spec.quantization),
    ...weights.filter(({ spec }) => spec.quantization),
  ];
  // Tensors do not follow PyTorch here, which `format` would say.
  const description = Object.entries(describeConfig({ ...options, config })).filter(([key]) => key !== 'format');
  const texts = { ...metadata, ...Object.fromEntries(description), [batchCountsKey]: describeBatchCounts(state) };
  const outputs = describeOutputs(output);
  return {
    format: graphModelFormat,
    generatedBy: '@hovernet/model',
    convertedBy: null,
    modelTopology: { node: graph.nodes, versions: graphVersions },
    signature: { inputs: { image: describeValue(image) }, outputs },
    userDefinedMetadata: { structuredOutputKeys: Object.keys(outputs), hovernet: texts },
    weightSpecs: stored.map(({ spec }) => spec),
    weightData: joinData(stored),
  };
}

function assertComplete(entries: readonly TensorEntry[], state: StateDict): void {
  const coverage = compareTensors(entries, state);
  if (coverage.loaded === coverage.total && coverage.unexpected.length === 0) return;
  throw new WeightsError(`encodeTfjsModel: the state dict fits ${describeCoverage(coverage)}`);
}

function storeWeight(entry: TensorEntry, state: StateDict, precision: 'float32' | 'float16'): StoredWeight {
  const { name, shape, role } = entry;
  const data = state.get(name)!.data as Float32Array;
  if (role !== 'filter') return { spec: { name, shape: [...shape], dtype: 'float32' }, data };
  const spec: TfjsWeightSpec = { name, shape: toTensorflowShape(shape), dtype: 'float32' };
  const ordered = toTensorflowOrder(data, shape);
  if (precision === 'float32') return { spec, data: ordered };
  assertFitsHalf('encodeTfjsModel', name, ordered);
  spec.quantization = { dtype: 'float16', original_dtype: 'float32' };
  return { spec, data: encodeHalfFloats(ordered) };
}

/** What has four bytes an element comes first, so that everything is aligned. */
function joinData(weights: readonly StoredWeight[]): ArrayBuffer {
  const joined = new Uint8Array(weights.reduce((sum, { data }) => sum + data.byteLength, 0));
  let end = 0;
  for (const { data } of weights) {
    joined.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), end);
    end += data.byteLength;
  }
  return joined.buffer;
}

function describeOutputs({ np, hv, nc }: NetworkOutput<GraphValue>): Record<string, GraphEndpoint> {
  return { np: describeValue(np), hv: describeValue(hv), ...(nc && { nc: describeValue(nc) }) };
}

function describeValue({ output, channels }: GraphValue): GraphEndpoint {
  return { name: `${output}:0`, dtype: 'DT_FLOAT', tensorShape: graphShape([anySize, anySize, anySize, channels]) };
}
