// Brings the tensors of a file under the names of our state dict and tells where they come from.
import { WeightsError } from '@hovernet/core';
import { shortenText } from '../shorten-text.js';
import type { StoredTensor } from '@hovernet/files';
import { identifyResnet } from './identify-resnet.js';
import { nameForeignNetwork } from './name-foreign-network.js';
import { originalConstant, originalNames } from './original-names.js';
import { fromResnetName } from './resnet-names.js';

/** Whose names the tensors carried. */
export type TensorConvention = 'monai' | 'original' | 'resnet';

export interface TranslatedTensors {
  readonly convention: TensorConvention;
  /** Under our names; what the convention does not know keeps its own, so that loading can report it. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Tensors without a place in any HoVer-Net, under their own names: a classifier, an upsampling constant. */
  readonly unused: readonly string[];
}

type Tensors = ReadonlyMap<string, StoredTensor>;

/** What data-parallel training and compilation put before every name. */
const commonPrefixes = ['module.', '_orig_mod.'];

/** More of them no training puts there. */
const maximumPrefixes = 4;

/**
 * Recognises MONAI's names, the original repository's and torchvision's ResNets, also behind the prefix of
 * data-parallel training. `source` names the file in errors.
 * @throws WeightsError for other networks, by name where it is known, and for ResNets that cannot be an encoder.
 */
export function translateTensors(given: Tensors, source: string): TranslatedTensors {
  const stored = stripPrefixes(given);
  if (hasName(stored, /^(conv0\.conv\.weight$|res_blocks\.)/))
    return { convention: 'monai', tensors: stored, unused: [] };
  if (hasName(stored, /^(conv0\.\/\.weight$|d\d\.units\.)/)) return translateOriginal(stored);
  if (hasName(stored, /^layer1\.0\.conv1\.weight$/)) return translateResnet(stored, source);
  const network = nameForeignNetwork(stored.keys());
  const [first = 'no tensor at all'] = stored.keys();
  const found = network === null ? `${stored.size} tensors of an unknown network (${shortenText(first)}, …)` : network;
  throw new WeightsError(`${source}: expected a HoVer-Net, or a ResNet-50 for its encoder, got ${found}`);
}

function stripPrefixes(given: Tensors): Tensors {
  let tensors = given;
  for (let depth = 0; depth < maximumPrefixes && tensors.size > 0; depth++) {
    const names = [...tensors.keys()];
    const prefix = commonPrefixes.find((text) => names.every((name) => name.startsWith(text)));
    if (prefix === undefined) break;
    tensors = new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
  }
  return tensors;
}

function translateOriginal(stored: Tensors): TranslatedTensors {
  const unused = stored.has(originalConstant) ? [originalConstant] : [];
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of stored) {
    if (name === originalConstant) continue;
    const ours = originalNames.toOurs(name) ?? name;
    // A second tensor for the same place keeps its name and is reported as unexpected.
    tensors.set(tensors.has(ours) ? name : ours, tensor);
  }
  return { convention: 'original', tensors, unused };
}

function translateResnet(stored: Tensors, source: string): TranslatedTensors {
  const { name: network, units, obstacle } = identifyResnet(stored);
  if (obstacle !== null) {
    throw new WeightsError(`${source}: this is a ${network} (${obstacle}); the encoder needs a ResNet-50`);
  }
  const tensors = new Map<string, StoredTensor>();
  const unused: string[] = [];
  for (const [name, tensor] of stored) {
    const ours = fromResnetName(name, units);
    if (ours === null) unused.push(name);
    else tensors.set(ours, tensor);
  }
  return { convention: 'resnet', tensors, unused };
}

function hasName(tensors: Tensors, pattern: RegExp): boolean {
  for (const name of tensors.keys()) if (pattern.test(name)) return true;
  return false;
}
