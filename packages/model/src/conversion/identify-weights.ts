// Everyone's weight files, told apart by what is in them.
import type { Reference } from '@hovernet/core';
import type { StoredTensor } from '@hovernet/files';
import { describesNetwork, parseConfig, type WeightsDescription } from '../checkpoint-metadata.js';
import type { HoverNetConfig } from '../config.js';
import type { Weights, WeightsOrigin } from '../weights.js';
import { decodeTensors } from './decode-tensors.js';
import { inferConfig } from './infer-config.js';
import { translateTensors, type TensorConvention } from './translate-tensors.js';

/** The tensors of a weight file, before they fill a network. */
export interface IdentifiedWeights extends Omit<Weights, 'config' | 'state' | 'coverage' | 'sha256'> {
  /** The file, as errors call it. */
  readonly source: string;
  /** Whether there are decoders; an encoder is a start for training only. */
  readonly part: 'network' | 'encoder';
  /** Under the names of the state dict. A name that is none of them is kept, so that loading can report it. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** As the file says, else as its shapes and its origin tell; null for an encoder alone. */
  readonly config: HoverNetConfig | null;
}

export interface IdentifyOptions {
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
export function identifyWeights(bytes: Uint8Array, source: string, options: IdentifyOptions = {}): IdentifiedWeights {
  const { tensors: stored, metadata } = decodeTensors(bytes, { source, ...options });
  const isExtra = ([name]: readonly [string, unknown]) => name.startsWith(extraPrefix);
  const extras = [...stored].filter(isExtra).map(([name, tensor]) => [name.slice(extraPrefix.length), tensor] as const);
  const own = new Map([...stored].filter((entry) => !isExtra(entry)));
  const { convention, tensors, unused } = translateTensors(own, source);
  const part = [...tensors.keys()].some((name) => name.startsWith('nucleus_prediction.')) ? 'network' : 'encoder';
  const described = describesNetwork(metadata);
  const description: Partial<WeightsDescription> = described ? parseConfig(metadata, source) : {};
  const { config = null, classes = [], ...details } = description;
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
    ...details,
    metadata,
  };
}

function originOf(convention: TensorConvention, part: IdentifiedWeights['part']): WeightsOrigin {
  if (convention === 'resnet') return 'resnet50';
  return convention === 'original' && part === 'encoder' ? 'preact-resnet50' : convention;
}
