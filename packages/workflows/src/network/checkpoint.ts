// Networks in weight files: ours, with the state of training, and everyone else's.
import { WeightsError, type NucleusClass } from '@hovernet/core';
import { writeFileAtomic } from '@hovernet/data';
import {
  encodeCheckpoint,
  loadNetwork,
  type CheckpointContent,
  type CheckpointDetails,
  type CheckpointOrigin,
  type HoverNetConfig,
  type HoverNetOptions,
  type StateDict,
  type StoredTensor,
  type WeightCoverage,
} from '@hovernet/model';
import { readWeightContent } from './read-weight-content.js';

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

/** Writes a checkpoint; a former file at `path` stays whole until the new one is complete. */
export async function writeCheckpoint(
  path: string,
  checkpoint: Pick<Checkpoint, 'config' | 'classes' | 'state'> & {
    readonly details?: CheckpointDetails;
    readonly metadata?: Readonly<Record<string, string>>;
    readonly extras?: StateDict;
  },
): Promise<void> {
  const { state, details = {}, ...rest } = checkpoint;
  await writeFileAtomic(path, encodeCheckpoint(state, { ...rest, ...details }));
}

export interface ReadCheckpointOptions {
  /** The network that the file must be of. */
  readonly required?: HoverNetConfig;
  /** What shapes cannot tell of a file that does not say itself which network it is; `reference` is its origin's by default. */
  readonly assumed?: Pick<HoverNetOptions, 'reference' | 'decoderPadding' | 'dropout'>;
}

/**
 * Reads the network of a weight file: safetensors, PyTorch's of MONAI or the original repository, or the model.json of a
 * TensorFlow.js model of this project. A file of this project says itself which network it is, and that holds; of others,
 * shapes and origin tell.
 * @throws FileError if the file is missing or damaged; WeightsError if it does not fit its network, is not the required
 * one, or holds another network or an encoder alone.
 */
export async function readCheckpoint(path: string, options: ReadCheckpointOptions = {}): Promise<Checkpoint> {
  const content = await readWeightContent(path);
  const config = completeConfig(content, options);
  if (options.required && config) assertSameNetwork(path, config, options.required);
  const { classes, details, metadata, extras, origin } = content;
  return { ...loadNetwork(content, config ? { config } : {}), classes, details, metadata, extras, origin };
}

function completeConfig(
  { config, origin }: CheckpointContent,
  { required, assumed = {} }: ReadCheckpointOptions,
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
