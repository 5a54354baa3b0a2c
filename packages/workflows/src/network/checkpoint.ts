// Weights and training state in safetensors files.
import { FileError, WeightsError, type NucleusClass } from '@hovernet/core';
import { readFileBytes, writeFileAtomic } from '@hovernet/data';
import {
  decodeSafetensors,
  describeConfig,
  describesNetwork,
  encodeSafetensors,
  loadStateDict,
  parseConfig,
  type HoverNetConfig,
  type StateDict,
  type StoredTensor,
} from '@hovernet/model';

/** A network with its weights, as a file describes it. */
export interface Checkpoint {
  readonly config: HoverNetConfig;
  readonly classes: readonly NucleusClass[];
  readonly state: StateDict;
  readonly metadata: Readonly<Record<string, string>>;
  /** Tensors beside the network's, without their prefix: the optimiser's moments. */
  readonly extras: ReadonlyMap<string, StoredTensor>;
}

/** Prefix of tensors that belong to the training run rather than to the network. */
const EXTRA_PREFIX = 'training/';

/** Writes a checkpoint; a former file at `path` stays whole until the new one is complete. */
export async function writeCheckpoint(
  path: string,
  checkpoint: Omit<Checkpoint, 'extras' | 'metadata'> & {
    readonly metadata?: Readonly<Record<string, string>>;
    readonly extras?: StateDict;
  },
): Promise<void> {
  const { config, classes, state, metadata = {}, extras = new Map() } = checkpoint;
  const tensors = new Map([...state, ...[...extras].map(([name, array]) => [EXTRA_PREFIX + name, array] as const)]);
  await writeFileAtomic(path, encodeSafetensors(tensors, { ...describeConfig(config, classes), ...metadata }));
}

export interface ReadCheckpointOptions {
  /** The network that the file must be of. */
  readonly required?: HoverNetConfig;
  /** The network that a file is taken for if it does not say itself which one it is. */
  readonly fallback?: HoverNetConfig;
}

/**
 * Reads a checkpoint. A file of this project says itself which network it is; that holds.
 * @throws FileError if the file is missing or damaged; WeightsError if it does not fit its network, is not the required
 * one, or does not say which network it is and there is no fallback.
 */
export async function readCheckpoint(path: string, options: ReadCheckpointOptions = {}): Promise<Checkpoint> {
  if (!path.endsWith('.safetensors')) {
    throw new FileError(path, 'not a .safetensors file; weights of other formats cannot be read yet');
  }
  const { required, fallback = required } = options;
  const { tensors, metadata } = decodeSafetensors(await readFileBytes(path), path);
  const own = new Map([...tensors].filter(([name]) => !name.startsWith(EXTRA_PREFIX)));
  const extras = [...tensors].filter(([name]) => name.startsWith(EXTRA_PREFIX));
  const { config, classes } =
    fallback && !describesNetwork(metadata) ? { config: fallback, classes: [] } : parseConfig(metadata, path);
  if (required) assertSameNetwork(path, config, required);
  return {
    config,
    classes,
    state: loadWeights(path, config, own),
    metadata,
    extras: new Map(extras.map(([name, tensor]) => [name.slice(EXTRA_PREFIX.length), tensor])),
  };
}

function loadWeights(path: string, config: HoverNetConfig, tensors: ReadonlyMap<string, StoredTensor>): StateDict {
  try {
    return loadStateDict(config, tensors).state;
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const remedy = 'use the configuration that the weights were trained with';
    throw new WeightsError(`${path}: its weights do not fit the network (${error.message}); ${remedy}`, {
      cause: error,
    });
  }
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
