// Which tensors an optimiser is given.
import type { HoverNetConfig } from './config.js';
import { isParameter, listTensors, type TensorEntry } from './tensors.js';

/**
 * What of the encoder is not trained. `true`: what both references freeze in their first stage, all units of d0 and everything
 * of d1–d3; the stem, d0's shortcut and last batch-norm remain, so that gradients still run through the whole encoder.
 * `'whole-encoder'`: stem and stages entirely; gradients end at the bottleneck, which saves a third of a step.
 */
export type EncoderFreeze = boolean | 'whole-encoder';

export interface TrainableOptions {
  /** What is left out; the bottleneck and the decoders always remain. @default false */
  readonly freezeEncoder?: EncoderFreeze;
}

const frozenAsReferences = /^res_blocks\.(d0\.layers|d[123])\./;
const wholeEncoder = /^(conv0|res_blocks)\./;

/** The trainable parameters in the state dict's order: 407 of the standard network, 262 with a frozen encoder, 256 without it. */
export function listTrainable(config: HoverNetConfig, options: TrainableOptions = {}): TensorEntry[] {
  const { freezeEncoder = false } = options;
  const frozen = freezeEncoder === 'whole-encoder' ? wholeEncoder : frozenAsReferences;
  return listTensors(config).filter((entry) => isParameter(entry) && !(freezeEncoder && frozen.test(entry.name)));
}
