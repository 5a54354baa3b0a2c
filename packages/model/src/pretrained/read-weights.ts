// From the bytes of a weight file to weights that fill a network.
import { WeightsError, type NucleusClass } from '@hovernet/core';
import type { StoredTensor } from '@hovernet/files';
import type { CheckpointDetails } from '../checkpoint-metadata.js';
import type { HoverNetConfig } from '../config.js';
import { loadNetwork, type LoadedNetwork, type LoadNetworkOptions } from '../conversion/load-checkpoint.js';
import {
  readCheckpoint,
  type CheckpointContent,
  type CheckpointOrigin,
  type ReadCheckpointOptions,
} from '../conversion/read-checkpoint.js';
import type { HoverNetOptions } from '../resolve-config.js';

/** What a weight file holds: a configuration, all tensors of its network, and how far the file covers them. */
export interface Weights extends LoadedNetwork {
  readonly origin: CheckpointOrigin;
  /** The classes of the type branch; empty where the file names none. */
  readonly classes: readonly NucleusClass[];
  /** What else the file says: resolution, licence, training. */
  readonly details: CheckpointDetails;
  /** Texts beside the tensors, as they are. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Tensors beside the network's, without their prefix: the optimiser's moments. */
  readonly extras: ReadonlyMap<string, StoredTensor>;
}

/** How the file is read, and which network it is to fill. */
export interface ReadWeightsOptions extends LoadNetworkOptions, ReadCheckpointOptions {
  /** The network that the file must be of. @default any */
  readonly required?: HoverNetConfig;
  /** What shapes cannot tell of a file that does not say itself which network it is. @default what its origin tells */
  readonly assumed?: Partial<Pick<HoverNetOptions, 'reference' | 'decoderPadding' | 'dropout'>>;
}

/**
 * Reads a whole network from the bytes of a weight file. `source` names the file in errors.
 * @throws FileError for a file that is damaged or no weight file; WeightsError where it does not fit its network, is not the
 * required one, or holds another network or an encoder alone.
 */
export function readWeights(bytes: Uint8Array, source: string, options: ReadWeightsOptions = {}): Weights {
  return toWeights(readCheckpoint(bytes, source, options), options);
}

/** As {@link readWeights}, of what a file holds. */
export function toWeights(content: CheckpointContent, options: ReadWeightsOptions = {}): Weights {
  const config = options.config ?? completeConfig(content, options);
  if (options.required && config) assertSameNetwork(content.source, config, options.required);
  const { origin, classes, details, metadata, extras } = content;
  const loaded = loadNetwork(content, { ...options, ...(config && { config }) });
  return { ...loaded, origin, classes, details, metadata, extras };
}

/** A file of this project says itself which network it is, and that holds; of others, shapes and origin tell. */
function completeConfig(
  { config, origin }: CheckpointContent,
  { required, assumed = {} }: ReadWeightsOptions,
): HoverNetConfig | null {
  if (config === null || origin === 'hovernet') return config;
  return {
    ...config,
    reference: assumed.reference ?? config.reference,
    decoderPadding: assumed.decoderPadding ?? required?.decoderPadding ?? config.decoderPadding,
    dropout: assumed.dropout ?? required?.dropout ?? config.dropout,
  };
}

/** Names the first field that differs, so that weights never run in another graph than their own. */
function assertSameNetwork(path: string, actual: HoverNetConfig, required: HoverNetConfig): void {
  const differing = Object.entries(required).find(([field, value]) => {
    return JSON.stringify(actual[field as keyof HoverNetConfig]) !== JSON.stringify(value);
  });
  if (!differing) return;
  const [field, value] = differing;
  const got = JSON.stringify(actual[field as keyof HoverNetConfig]);
  throw new WeightsError(
    `${path}: expected weights of a network with ${field} ${JSON.stringify(value)}, got ${got}; set network_def as it was in training`,
  );
}
