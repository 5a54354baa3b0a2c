// Weight files for this project and for others.
import type { NucleusClass } from '@hovernet/core';
import { describeConfig, type CheckpointDetails } from '../checkpoint-metadata.js';
import type { HoverNetConfig } from '../config.js';
import { encodeSafetensors } from '../safetensors.js';
import type { StateDict } from '../state-dict.js';
import { extraPrefix } from './read-checkpoint.js';

export interface EncodeCheckpointOptions extends CheckpointDetails {
  /** Which network it is, so that the file describes itself. @default not said */
  readonly config?: HoverNetConfig;
  /** The classes of the type branch. @default none */
  readonly classes?: readonly NucleusClass[];
  /** More texts by name. @default none */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Tensors of a training run, such as an optimiser's moments. @default none */
  readonly extras?: StateDict;
}

/** The bytes of a file that `readCheckpoint` reads back; the same input gives the same bytes. */
export function encodeCheckpoint(state: StateDict, options: EncodeCheckpointOptions = {}): Uint8Array {
  const { config, classes, metadata = {}, extras = new Map(), ...details } = options;
  const described = config ? describeConfig(config, classes, details) : {};
  const added = [...extras].map(([name, array]) => [extraPrefix + name, array] as const);
  return encodeSafetensors(new Map([...state, ...added]), { ...described, ...metadata });
}
