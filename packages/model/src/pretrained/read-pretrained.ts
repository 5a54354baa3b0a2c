// From the bytes of a weight file to a network that can run.
import type { NucleusClass } from '@hovernet/core';
import type { CheckpointDetails } from '../checkpoint-metadata.js';
import { loadNetwork, type LoadedNetwork, type LoadNetworkOptions } from '../conversion/load-checkpoint.js';
import { readCheckpoint, type CheckpointOrigin, type ReadCheckpointOptions } from '../conversion/read-checkpoint.js';

/** A network with the weights of a file: its configuration, all its tensors, and how far the file covers them. */
export interface PretrainedNetwork extends LoadedNetwork {
  readonly origin: CheckpointOrigin;
  /** The classes of the type branch; empty where the file names none. */
  readonly classes: readonly NucleusClass[];
  /** What else the file says of the weights. */
  readonly details: CheckpointDetails;
  /** Texts beside the tensors, as they are. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** How the file is read, and which network it is to fill. */
export interface ReadPretrainedOptions extends LoadNetworkOptions, ReadCheckpointOptions {}

/**
 * Reads a whole network from the bytes of a weight file. `source` names the file in errors.
 * @throws as `readCheckpoint` and `loadNetwork`: FileError for a file that is damaged or no weight file, WeightsError where
 * it does not fit the network.
 */
export function readPretrained(
  bytes: Uint8Array,
  source: string,
  options: ReadPretrainedOptions = {},
): PretrainedNetwork {
  const checkpoint = readCheckpoint(bytes, source, options);
  const { origin, classes, details, metadata } = checkpoint;
  return { ...loadNetwork(checkpoint, options), origin, classes, details, metadata };
}
