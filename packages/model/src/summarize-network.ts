// A network stage by stage: how many parameters, how much work.
import type { HoverNetConfig } from './config.js';
import { countMacs } from './macs.js';
import { outputSize } from './output-size.js';
import { countElements, isParameter, listTensors, type TensorEntry } from './tensors.js';
import { listTrainable } from './trainable.js';

/** One stage, in the order in which they are computed. */
export interface StageSummary {
  /** As in `countMacs`. */
  readonly stage: string;
  readonly parameters: number;
  readonly macs: number;
}

/** What {@link summarizeNetwork} tells. */
export interface NetworkSummary {
  readonly stages: readonly StageSummary[];
  /** Tensors of the state dict. */
  readonly tensors: number;
  readonly parameters: number;
  /** Parameters that are trained where `freezeEncoder` is true, as the references freeze it. */
  readonly trainableFrozen: number;
  /** Multiply–accumulates of one window. */
  readonly macs: number;
  readonly inputSize: number;
  readonly outputSize: number;
}

/**
 * Summarises the network for square windows of `inputSize` pixels a side.
 * @throws ShapeError when the size does not fit.
 */
export function summarizeNetwork(config: HoverNetConfig, inputSize: number): NetworkSummary {
  const entries = listTensors(config);
  const parameters = entries.filter(isParameter);
  const { stages, total } = countMacs(config, inputSize);
  return {
    stages: stages.map(({ stage, macs }) => {
      const own = parameters.filter(({ name }) => stageOf(name) === stage);
      return { stage, parameters: countAll(own), macs };
    }),
    tensors: entries.length,
    parameters: countAll(parameters),
    trainableFrozen: countAll(listTrainable(config, { freezeEncoder: true })),
    macs: total,
    inputSize,
    outputSize: outputSize(config, inputSize),
  };
}

function countAll(entries: readonly TensorEntry[]): number {
  return entries.reduce((sum, { shape }) => sum + countElements(shape), 0);
}

/** `res_blocks.d1.…` is of `d1`, `NAME.decoder_blocks.decoderblock1.…` and `NAME.output_features.…` of `NAME.decoderblock1`… */
function stageOf(tensor: string): string {
  const [first, second, third] = tensor.split('.') as [string, string, string];
  if (first === 'conv0' || first === 'bottleneck') return first;
  return first === 'res_blocks' ? second : `${first}.${third}`;
}
