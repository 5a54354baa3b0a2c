// Networks in weight files: ours, with the state of training, and everyone else's.
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { toFileError } from '@hovernet/files/node';
import { WeightsError, type NucleusClass } from '@hovernet/core';
import type { CheckpointDetails } from '../../checkpoint-metadata.js';
import type { HoverNetConfig } from '../../config.js';
import type { HoverNetOptions } from '../../resolve-config.js';
import { loadNetwork } from '../../conversion/load-checkpoint.js';
import { readCheckpoint, type CheckpointContent, type CheckpointOrigin } from '../../conversion/read-checkpoint.js';
import type { StateDict } from '../../state-dict.js';
import type { StoredTensor } from '@hovernet/files';
import { decodeTfjsModel, listTfjsShards } from '../../tfjs-model/decode-tfjs-model.js';
import type { WeightCoverage } from '../../weight-coverage.js';

/** A network with its weights, as a file describes it. */
export interface Checkpoint {
  readonly config: HoverNetConfig;
  /** Empty where the file names none. */
  readonly classes: readonly NucleusClass[];
  readonly state: StateDict;
  readonly details: CheckpointDetails;
  readonly metadata: Readonly<Record<string, string>>;
  /** Tensors beside the network's, without their prefix: the optimiser's moments. */
  readonly extras: ReadonlyMap<string, StoredTensor>;
  readonly origin: CheckpointOrigin;
  readonly coverage: WeightCoverage;
}

export interface ReadCheckpointFileOptions {
  /** The network that the file must be of. */
  readonly required?: HoverNetConfig;
  /** What shapes cannot tell of a file that does not say itself which network it is; `reference` is its origin's by default. */
  readonly assumed?: Pick<HoverNetOptions, 'reference' | 'decoderPadding' | 'dropout'>;
}

/**
 * Reads the network of a weight file: safetensors, PyTorch's of MONAI or the original repository, or the model.json of a
 * TensorFlow.js model of this project with the files that it names beside itself. A file of this project says itself which
 * network it is, and that holds; of others, shapes and origin tell.
 * @throws FileError if the file is missing or damaged; WeightsError if it does not fit its network, is not the required
 * one, or holds another network or an encoder alone.
 */
export async function readCheckpointFile(path: string, options: ReadCheckpointFileOptions = {}): Promise<Checkpoint> {
  const content = await readContent(path);
  const config = completeConfig(content, options);
  if (options.required && config) assertSameNetwork(path, config, options.required);
  const { classes, details, metadata, extras, origin } = content;
  return { ...loadNetwork(content, config ? { config } : {}), classes, details, metadata, extras, origin };
}

async function readContent(path: string): Promise<CheckpointContent> {
  const bytes = await readBytes(path);
  if (extname(path).toLowerCase() !== '.json') return readCheckpoint(bytes, path);
  const shards = new Map<string, Uint8Array>();
  for (const name of listTfjsShards(bytes, path)) shards.set(name, await readBytes(join(dirname(path), name)));
  return decodeTfjsModel(bytes, shards, path);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw toFileError(path, cause);
  }
}

function completeConfig(
  { config, origin }: CheckpointContent,
  { required, assumed = {} }: ReadCheckpointFileOptions,
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
