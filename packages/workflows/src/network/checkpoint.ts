// Weights and training state in safetensors files.
import { FileError, WeightsError, type NucleusClass } from '@hovernet/core';
import { readFileBytes, writeFileAtomic } from '@hovernet/data';
import {
  decodeSafetensors,
  describeConfig,
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

/**
 * Reads a checkpoint. The file itself says which network it is; with `expected` it must be that one.
 * @throws FileError if the file is missing or damaged, WeightsError if it does not fit its network or `expected`.
 */
export async function readCheckpoint(path: string, expected?: HoverNetConfig): Promise<Checkpoint> {
  if (!path.endsWith('.safetensors')) {
    throw new FileError(path, 'not a .safetensors file; weights of other formats cannot be read yet');
  }
  const { tensors, metadata } = decodeSafetensors(await readFileBytes(path), path);
  const own = new Map([...tensors].filter(([name]) => !name.startsWith(EXTRA_PREFIX)));
  const extras = [...tensors].filter(([name]) => name.startsWith(EXTRA_PREFIX));
  const described = metadata['hovernet.config'] !== undefined || !expected ? parseConfig(metadata, path) : undefined;
  const config = expected ?? described!.config;
  try {
    const { state } = loadStateDict(config, own);
    return {
      config,
      classes: described?.classes ?? [],
      state,
      metadata,
      extras: new Map(extras.map(([name, tensor]) => [name.slice(EXTRA_PREFIX.length), tensor])),
    };
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const remedy = 'use the configuration that the weights were trained with';
    throw new WeightsError(`${path}: its weights do not fit the configured network (${error.message}); ${remedy}`, {
      cause: error,
    });
  }
}
