// Weight files for this project and for others.
import type { NucleusClass } from '@hovernet/core';
import { describeConfig, type CheckpointDetails } from '../checkpoint-metadata.js';
import type { HoverNetConfig } from '../config.js';
import { encodeSafetensors } from '@hovernet/files';
import type { StateDict } from '../state-dict.js';
import { encodeTorchFile } from '@hovernet/files';
import type { TorchValue } from '@hovernet/files';
import { toOriginalTensors } from './original-tensors.js';
import { extraPrefix } from './read-checkpoint.js';

/**
 * `safetensors`: this project's own. As PyTorch writes them: `monai` is the state dict alone, `monai-model` a dictionary
 * with the state dict as `model`, `original` one with the original repository's names as `desc`.
 */
export type CheckpointFormat = 'safetensors' | 'monai' | 'monai-model' | 'original';

export interface EncodeCheckpointOptions extends CheckpointDetails {
  /** @default 'safetensors' */
  readonly format?: CheckpointFormat;
  /** Which network it is, so that the file describes itself; `monai` has no room for that. @default not said */
  readonly config?: HoverNetConfig;
  /** The classes of the type branch. @default none */
  readonly classes?: readonly NucleusClass[];
  /** More texts by name, which `monai` has no room for. @default none */
  readonly metadata?: Readonly<Record<string, string>>;
  /** How filters are stored in safetensors, the one format that has the choice. @default 'float32' */
  readonly precision?: 'float32' | 'float16';
  /** Tensors of a training run, such as an optimiser's moments; in safetensors only. @default none */
  readonly extras?: StateDict;
}

/**
 * The bytes of a file that `readCheckpoint` reads back, weights bit by bit; the same input gives the same bytes. `config`
 * does not change the weights: it is the caller's to write them for code that runs their graph.
 * @throws WeightsError for a tensor that the original's network has no name for.
 */
export function encodeCheckpoint(state: StateDict, options: EncodeCheckpointOptions = {}): Uint8Array {
  const { format = 'safetensors', config, classes, metadata = {}, extras = new Map(), precision, ...details } = options;
  const texts = { ...(config ? describeConfig(config, classes, details) : {}), ...metadata };
  switch (format) {
    case 'monai':
      return encodeTorchFile(state);
    case 'monai-model':
      return encodeTorchFile(new Map<string, TorchValue>([['model', state], ...Object.entries(texts)]));
    case 'original':
      return encodeTorchFile(
        new Map<string, TorchValue>([['desc', toOriginalTensors(state)], ...Object.entries(texts)]),
      );
    case 'safetensors': {
      const added = [...extras].map(([name, array]) => [extraPrefix + name, array] as const);
      return encodeSafetensors(new Map([...state, ...added]), texts, { ...(precision && { precision }) });
    }
  }
}
