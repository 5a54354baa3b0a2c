// Which tensors an optimiser is given.
import type { HoverNetConfig } from './config.js';
import { isParameter, listTensors, type TensorEntry } from './tensors.js';

export interface TrainableOptions {
  /**
   * Leaves out what both references freeze in their first stage: all units of d0 and everything of d1–d3. The stem, d0's
   * shortcut and last batch-norm, the bottleneck and the decoders remain. @default false
   */
  readonly freezeEncoder?: boolean;
}

const frozenEncoder = /^res_blocks\.(d0\.layers|d[123])\./;

/** The trainable parameters in the state dict's order: 407 of the standard network, 262 with a frozen encoder. */
export function listTrainable(config: HoverNetConfig, options: TrainableOptions = {}): TensorEntry[] {
  const { freezeEncoder = false } = options;
  return listTensors(config).filter(
    (entry) => isParameter(entry) && !(freezeEncoder && frozenEncoder.test(entry.name)),
  );
}
