// The weights that a run starts from: random ones, another network's encoder, or all of another network.
import { createRandom } from '@hovernet/core';
import { readFileBytes } from '@hovernet/files/node';
import { initializeWeights, type HoverNetConfig, type StateDict, type WeightArray } from '@hovernet/model';
import {
  copyWeightArray,
  describeWeights,
  describeOrigin,
  loadEncoder,
  identifyWeights,
  warnOfReference,
} from '@hovernet/model/internal';
import { fetchFile, loadWeights } from '@hovernet/model/node';
import { TrainOptionError, type EncoderStart, type TrainSettings } from './train-options.js';

export interface StartWeights {
  readonly state: StateDict;
  /** What was taken from where, in words. */
  readonly origin: string;
}

/** Keeps the numbers of first weights apart from others of the same seed. */
const weightsKey = 0x77656967;

/** The weights that `settings.start` names. @throws FileError, DownloadError, WeightsError or TrainOptionError. */
export async function loadStart({
  start,
  network,
  architecture,
  seed,
}: Pick<TrainSettings, 'start' | 'network' | 'architecture' | 'seed'>): Promise<StartWeights> {
  if (start.from === 'checkpoint') {
    // The file tells which implementation it is of, unless the caller does: `network` is complete and would hide that.
    const assumed = { decoderPadding: network.decoderPadding, dropout: network.dropout, ...architecture };
    const checkpoint = await loadWeights(start.path, { assumed });
    assertSameNetwork(start.path, checkpoint.config, network);
    return { state: checkpoint.state, origin: describeWeights(start.path, checkpoint) };
  }
  const initial = initializeWeights(network, createRandom(seed).fork(weightsKey));
  switch (start.from) {
    case 'random':
      return { state: initial, origin: `random weights, seed ${seed}` };
    case 'encoder':
      return loadPretrainedEncoder(start, network, initial);
    case 'network':
      return loadStartWeights(start.source, network, initial);
  }
}

/**
 * `initial` with every encoder tensor replaced by the one of the file at `source`, which is downloaded once. The file tells
 * which encoder it is.
 * @throws TrainOptionError for a standard ResNet that may not be adapted; FileError or DownloadError for the file;
 * WeightsError unless the whole encoder is in it.
 */
export async function loadPretrainedEncoder(
  { source, adaptStandardResnet = true, stateDictKey: key }: EncoderStart,
  config: HoverNetConfig,
  initial: StateDict,
): Promise<StartWeights> {
  const path = await fetchFile(source);
  const checkpoint = identifyWeights(await readFileBytes(path), path, key === undefined ? {} : { key });
  const { origin, part, unused } = checkpoint;
  if (origin === 'resnet50' && !adaptStandardResnet) {
    const problem = `expected true for ${path}, ${describeOrigin(origin)}, got false`;
    throw new TrainOptionError('start.adaptStandardResnet', problem);
  }
  const { state, coverage } = loadEncoder(checkpoint, config, initial);
  const warning = warnOfReference(origin, config);
  const parts = [
    `${coverage.loaded} of ${coverage.total} tensors of ${path} (${describeOrigin(origin)}), the rest random`,
    ...(part === 'network' ? ['its decoders are not used'] : []),
    ...(unused.length > 0 ? [`unused tensors: ${unused.length}`] : []),
    ...(warning === null ? [] : [warning]),
  ];
  return { state, origin: parts.join('; ') };
}

/** Fields that may differ: they change no tensor but those of the type branch's last layer. */
const freeFields: readonly (keyof HoverNetConfig)[] = ['outClasses', 'dropout'];

/**
 * `initial` with every tensor replaced by the one of the same name and shape of the network at `source`, a path or an
 * address. Where the classes are other ones, the type branch's last layer stays as it is.
 * @throws TrainOptionError for a network of another architecture; FileError, DownloadError or WeightsError for the file.
 */
export async function loadStartWeights(
  source: string,
  config: HoverNetConfig,
  initial: StateDict,
): Promise<StartWeights> {
  const path = await fetchFile(source);
  const checkpoint = await loadWeights(path, { assumed: config });
  assertSameNetwork(path, checkpoint.config, config, freeFields);
  const state = new Map<string, WeightArray>();
  let taken = 0;
  for (const [name, own] of initial) {
    const given = checkpoint.state.get(name);
    const fits = given?.dtype === own.dtype && given.shape.join() === own.shape.join();
    state.set(name, fits ? copyWeightArray(given) : own);
    if (fits) taken++;
  }
  const rest = taken === initial.size ? '' : '; the last layer of the types starts anew';
  return { state, origin: `${taken} of ${initial.size} tensors of ${path}${rest}` };
}

/** Names the first field that differs, so that weights never run in another network than their own. @throws TrainOptionError */
function assertSameNetwork(
  path: string,
  actual: HoverNetConfig,
  expected: HoverNetConfig,
  free: readonly (keyof HoverNetConfig)[] = [],
): void {
  const fields = (Object.keys(expected) as (keyof HoverNetConfig)[]).filter((field) => !free.includes(field));
  const text = (network: HoverNetConfig, field: keyof HoverNetConfig) => JSON.stringify(network[field]);
  const differing = fields.find((field) => text(actual, field) !== text(expected, field));
  if (differing === undefined) return;
  const [wanted, got] = [text(expected, differing), text(actual, differing)];
  throw new TrainOptionError(
    'network',
    `${path}: expected weights of a network with ${differing} ${wanted}, got ${got}; describe the network as it was in training`,
  );
}
