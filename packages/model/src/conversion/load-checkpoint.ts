// What a weight file is used for: a whole network, or the encoder of a new one.
import { WeightsError } from '@hovernet/core';
import type { HoverNetConfig } from '../config.js';
import { loadStateDict, type LoadedWeights, type LoadOptions } from '../load-state-dict.js';
import type { StateDict } from '../state-dict.js';
import { nameResnet } from './identify-resnet.js';
import { countEncoderUnits } from './infer-config.js';
import type { CheckpointContent, CheckpointOrigin } from './read-checkpoint.js';

export interface LoadNetworkOptions extends LoadOptions {
  /** The network that is filled. @default the one that the file describes, or its shapes and origin tell */
  readonly config?: HoverNetConfig;
}

/** A whole network and what it was made of. */
export interface LoadedNetwork extends LoadedWeights {
  readonly config: HoverNetConfig;
}

/** What is taken for an encoder: the stem and the four residual stages. */
const encoderName = /^(conv0|res_blocks)\./;

const encoderNames: Readonly<Partial<Record<CheckpointOrigin, string>>> = {
  resnet50: "a ResNet with torchvision's names",
  'preact-resnet50': 'a pre-activation ResNet with the original names',
};

/**
 * The whole network of a file.
 * @throws WeightsError for an encoder alone, and where the tensors do not fit the network as {@link loadStateDict} says.
 */
export function loadNetwork(checkpoint: CheckpointContent, options: LoadNetworkOptions = {}): LoadedNetwork {
  const { source, origin, tensors } = checkpoint;
  const { config = checkpoint.config, ...loading } = options;
  if (checkpoint.part === 'encoder' && loading.strict !== false) {
    const found = encoderNames[origin] ?? 'stem and residual stages only';
    throw new WeightsError(`${source}: expected a whole HoVer-Net, got an encoder (${found}); train a network from it`);
  }
  if (config === null) throw new WeightsError(`${source}: give the configuration of the network that it is a part of`);
  return { config, ...named(source, () => loadStateDict(config, tensors, loading)) };
}

/**
 * `initial` with the encoder of a file in place of its own: of any whole HoVer-Net, or of a ResNet alone. The bottleneck
 * and the decoders stay as they are. `coverage` counts tensors of the whole network (298 of 797 for a ResNet-50).
 * @throws WeightsError unless every tensor of the encoder is there; only batch counters may be missing.
 */
export function loadEncoder(checkpoint: CheckpointContent, config: HoverNetConfig, initial: StateDict): LoadedWeights {
  const { source } = checkpoint;
  const encoder = new Map([...checkpoint.tensors].filter(([name]) => encoderName.test(name)));
  assertUnits(source, countEncoderUnits(encoder), config.units);
  const loaded = loadStateDict(config, encoder, { strict: false, initial });
  const { missing, mismatched } = loaded.coverage;
  const lacking = new Set([...missing, ...mismatched.map(({ name }) => name)]);
  const wanted = [...initial.keys()].filter((name) => encoderName.test(name) && !name.endsWith('num_batches_tracked'));
  const bad = wanted.filter((name) => lacking.has(name));
  if (bad.length === 0) return loaded;
  const [different] = mismatched;
  const shape = different ? ` (${different.name}: expected ${different.expected}, got ${different.actual})` : '';
  throw new WeightsError(
    `${source}: expected all ${wanted.length} tensors of the encoder, got ${wanted.length - bad.length} that fit, ` +
      `lacking ${bad.slice(0, 3).join(', ')}${shape}; give weights of the same preset and width`,
  );
}

function assertUnits(source: string, actual: readonly number[], expected: readonly number[]): void {
  if (actual.join() === expected.join()) return;
  throw new WeightsError(
    `${source}: this is a ${nameResnet(actual)}; the network's encoder needs ${expected.join(', ')} units, ` +
      `a ${nameResnet(expected)}`,
  );
}

function named<T>(source: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new WeightsError(`${source}: its weights do not fit the network (${error.message})`, { cause: error });
  }
}
