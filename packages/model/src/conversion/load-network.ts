// What a weight file is used for: a whole network, or the encoder of a new one.
import { areFinite, WeightsError } from '@hovernet/core';
import type { HoverNetConfig } from '../config.js';
import { loadStateDict, type LoadOptions } from '../load-state-dict.js';
import type { HoverNetOptions } from '../resolve-config.js';
import type { StateDict } from '../state-dict.js';
import type { Weights, WeightsOrigin } from '../weights.js';
import { nameResnet } from './identify-resnet.js';
import type { IdentifiedWeights } from './identify-weights.js';
import { countEncoderUnits } from './infer-config.js';

export interface LoadNetworkOptions extends LoadOptions {
  /** The network that is filled. @default the one that the file describes, or its shapes and origin tell */
  readonly config?: HoverNetConfig;
  /** What shapes cannot tell of a file that does not say itself which network it is. @default what its origin tells */
  readonly assumed?: Partial<Pick<HoverNetOptions, 'reference' | 'decoderPadding' | 'dropout'>>;
}

/** What is taken for an encoder: the stem and the four residual stages. */
const encoderName = /^(conv0|res_blocks)\./;

const encoderNames: Readonly<Partial<Record<WeightsOrigin, string>>> = {
  resnet50: "a ResNet with torchvision's names",
  'preact-resnet50': 'a pre-activation ResNet with the original names',
};

/**
 * The whole network of a file.
 * @throws WeightsError for an encoder alone, and where the tensors do not fit the network as {@link loadStateDict} says,
 * or hold NaN or infinities.
 */
export function loadNetwork(identified: IdentifiedWeights, options: LoadNetworkOptions = {}): Omit<Weights, 'sha256'> {
  const { source, part, tensors, ...rest } = identified;
  const { config = completeConfig(identified, options) } = options;
  if (part === 'encoder' && options.strict !== false) {
    const found = encoderNames[rest.origin] ?? 'stem and residual stages only';
    throw new WeightsError(`${source}: expected a whole HoVer-Net, got an encoder (${found}); train a network from it`);
  }
  if (config === null) throw new WeightsError(`${source}: give the configuration of the network that it is a part of`);
  const loaded = named(source, () => loadStateDict(config, tensors, options));
  assertFinite(source, loaded.state);
  return { ...rest, config, ...loaded };
}

/**
 * `initial` with the encoder of a file in place of its own: of any whole HoVer-Net, or of a ResNet alone. The bottleneck
 * and the decoders stay as they are. `coverage` counts tensors of the whole network (298 of 797 for a ResNet-50).
 * @throws WeightsError unless every tensor of the encoder is there; only batch counters may be missing; and
 * for NaN and infinities.
 */
export function loadEncoder(
  { source, tensors }: IdentifiedWeights,
  config: HoverNetConfig,
  initial: StateDict,
): Pick<Weights, 'state' | 'coverage'> {
  const encoder = new Map([...tensors].filter(([name]) => encoderName.test(name)));
  assertUnits(source, countEncoderUnits(encoder), config.units);
  const loaded = loadStateDict(config, encoder, { strict: false, initial });
  const { missing, mismatched } = loaded.coverage;
  const lacking = new Set([...missing, ...mismatched.map(({ name }) => name)]);
  const wanted = [...initial.keys()].filter((name) => encoderName.test(name) && !name.endsWith('num_batches_tracked'));
  const bad = wanted.filter((name) => lacking.has(name));
  if (bad.length === 0) {
    assertFinite(source, loaded.state);
    return loaded;
  }
  const [different] = mismatched;
  const shape = different ? ` (${different.name}: expected ${different.expected}, got ${different.actual})` : '';
  throw new WeightsError(
    `${source}: expected all ${wanted.length} tensors of the encoder, got ${wanted.length - bad.length} that fit, ` +
      `lacking ${bad.slice(0, 3).join(', ')}${shape}; give weights of the same preset and width`,
  );
}

/** A file of this project says itself which network it is, and that holds; of others, shapes and origin tell. */
function completeConfig(
  { config, origin }: IdentifiedWeights,
  { assumed = {} }: LoadNetworkOptions,
): HoverNetConfig | null {
  if (config === null || origin === 'hovernet') return config;
  return {
    ...config,
    reference: assumed.reference ?? config.reference,
    decoderPadding: assumed.decoderPadding ?? config.decoderPadding,
    dropout: assumed.dropout ?? config.dropout,
  };
}

function assertUnits(source: string, actual: readonly number[], expected: readonly number[]): void {
  if (actual.join() === expected.join()) return;
  throw new WeightsError(
    `${source}: this is a ${nameResnet(actual)}; the network's encoder needs ${expected.join(', ')} units, ` +
      `a ${nameResnet(expected)}`,
  );
}

/** A network with one NaN finds nothing, or gives every nucleus the same type. */
function assertFinite(source: string, state: StateDict): void {
  for (const [name, { dtype, data }] of state) {
    if (dtype !== 'float32' || areFinite(data)) continue;
    throw new WeightsError(
      `${source}: expected finite weights, got NaN or an infinity in ${name}; take a checkpoint from before that`,
    );
  }
}

function named<T>(source: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new WeightsError(`${source}: its weights do not fit the network (${error.message})`, { cause: error });
  }
}
