// Everyone's weight files, told apart by what is in them.
import type { NucleusClass, Reference } from '@hovernet/core';
import {
  describesNetwork,
  parseConfig,
  type CheckpointDescription,
  type CheckpointDetails,
} from '../checkpoint-metadata.js';
import type { HoverNetConfig } from '../config.js';
import type { StoredTensor } from '@hovernet/files';
import { decodeTensors } from './decode-tensors.js';
import { inferConfig } from './infer-config.js';
import { translateTensors, type TensorConvention } from './translate-tensors.js';

/**
 * Where weights come from: `hovernet` describes itself (written here), `monai` and `original` are whole networks of the
 * two published implementations, `resnet50` is a bottleneck ResNet with torchvision's names, `preact-resnet50` the
 * original's encoder alone.
 */
export type CheckpointOrigin = 'hovernet' | 'monai' | 'original' | 'resnet50' | 'preact-resnet50';

/** What a weight file holds. */
export interface CheckpointContent {
  /** The file, as errors call it. */
  readonly source: string;
  readonly origin: CheckpointOrigin;
  /** Whether there are decoders; an encoder is a start for training only. */
  readonly part: 'network' | 'encoder';
  /** Under the names of the state dict. A name that is none of them is kept, so that loading can report it. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Tensors that have no place in a HoVer-Net, under their own names: a classifier, an upsampling constant. */
  readonly unused: readonly string[];
  /** Tensors of a training run, which files of this project hold beside the network's, without their prefix. */
  readonly extras: ReadonlyMap<string, StoredTensor>;
  /** As the file says, else as its shapes and its origin tell; null for an encoder alone. */
  readonly config: HoverNetConfig | null;
  /** The classes of the type branch; empty where the file names none. */
  readonly classes: readonly NucleusClass[];
  /** What else the file says of the weights. */
  readonly details: CheckpointDetails;
  /** Texts beside the tensors, as they are. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ReadCheckpointOptions {
  /** Key of the dictionary in a PyTorch file that holds the weights. @default desc, model or state_dict, where there is one */
  readonly key?: string | undefined;
}

/** Prefix of tensors that belong to a training run rather than to the network. */
export const extraPrefix = 'training/';

/**
 * Reads a weight file of this project, of MONAI, of the original repository, or a ResNet-50 for the encoder, in
 * safetensors or as PyTorch writes them. `source` names the file in errors. Tensors may be views of `bytes`.
 * @throws FileError for a damaged file; WeightsError for weights of another network, named where it is recognised.
 */
export function readCheckpoint(
  bytes: Uint8Array,
  source: string,
  options: ReadCheckpointOptions = {},
): CheckpointContent {
  const { tensors: stored, metadata } = decodeTensors(bytes, { source, ...options });
  const isExtra = ([name]: readonly [string, unknown]) => name.startsWith(extraPrefix);
  const extras = [...stored].filter(isExtra).map(([name, tensor]) => [name.slice(extraPrefix.length), tensor] as const);
  const own = new Map([...stored].filter((entry) => !isExtra(entry)));
  const { convention, tensors, unused } = translateTensors(own, source);
  const part = [...tensors.keys()].some((name) => name.startsWith('nucleus_prediction.')) ? 'network' : 'encoder';
  const described = describesNetwork(metadata);
  const description: Partial<CheckpointDescription> = described ? parseConfig(metadata, source) : {};
  const { config, classes = [], ...details } = description;
  const reference: Reference = convention === 'original' ? 'hover_net' : 'monai';
  return {
    source,
    origin: described ? 'hovernet' : originOf(convention, part),
    part,
    tensors,
    unused,
    extras: new Map(extras),
    config: config ?? (part === 'network' ? inferConfig(tensors, { reference, source }) : null),
    classes,
    details,
    metadata,
  };
}

function originOf(convention: TensorConvention, part: CheckpointContent['part']): CheckpointOrigin {
  if (convention === 'resnet') return 'resnet50';
  return convention === 'original' && part === 'encoder' ? 'preact-resnet50' : convention;
}
