// Weight files for this project and for others.
import { encodeSafetensors, encodeTorchFile, type TorchValue } from '@hovernet/files';
import { describeConfig, type WeightsDescription } from '../checkpoint-metadata.js';
import type { StateDict } from '../state-dict.js';
import { toOriginalTensors } from './original-tensors.js';
import { extraPrefix } from './identify-weights.js';

/**
 * `safetensors`: this project's own. As PyTorch writes them: `monai` is the state dict alone, `monai-model` a dictionary
 * with the state dict as `model`, `original` one with the original repository's names as `desc`.
 */
export type CheckpointFormat = 'safetensors' | 'monai' | 'monai-model' | 'original';

/** The description makes the file describe itself, given its `config`; `monai` has no room for that. */
export interface EncodeCheckpointOptions extends Partial<WeightsDescription> {
  /** @default 'safetensors' */
  readonly format?: CheckpointFormat;
  /** More texts by name, which `monai` has no room for. @default none */
  readonly metadata?: Readonly<Record<string, string>>;
  /** How filters are stored in safetensors, the one format that has the choice. @default 'float32' */
  readonly precision?: 'float32' | 'float16';
  /** Tensors of a training run, such as an optimiser's moments; in safetensors only. @default none */
  readonly extras?: StateDict;
}

/**
 * The bytes of a file that `loadWeights` reads back, weights bit by bit; the same input gives the same bytes. `config`
 * does not change the weights: it is the caller's to write them for code that runs their graph.
 * @throws WeightsError for a tensor that the original's network has no name for.
 */
export function encodeCheckpoint(state: StateDict, options: EncodeCheckpointOptions = {}): Uint8Array {
  const { format = 'safetensors', config, metadata = {}, extras = new Map(), precision } = options;
  const texts = { ...(config && describeConfig({ ...options, config })), ...metadata };
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
