// All weights of another training as a start for a new one, on other classes if need be.
import { ConfigError } from '@hovernet/core';
import { fetchFile } from '@hovernet/model/node';
import { copyWeightArray, type HoverNetConfig, type StateDict, type WeightArray } from '@hovernet/model';
import { readCheckpoint } from '../network/checkpoint.js';
import { findShippedWeights } from '../network/choose-weights.js';

/** Fields that may differ: they change no tensor but those of the type branch's last layer. */
const freeFields: readonly (keyof HoverNetConfig)[] = ['outClasses', 'dropout'];

/**
 * `initial` with every tensor replaced by the one of the same name and shape of the network at `source`: a path, an address, or
 * the name of shipped weights. Where the classes are other ones, the type branch's last layer stays as it is.
 * @throws ConfigError for a network of another architecture; FileError, DownloadError or WeightsError for the file.
 */
export async function loadStartWeights(
  source: string,
  config: HoverNetConfig,
  initial: StateDict,
): Promise<{ readonly state: StateDict; readonly origin: string }> {
  const path = findShippedWeights(source) ?? (await fetchFile(source));
  const checkpoint = await readCheckpoint(path, { assumed: config });
  const differing = (Object.keys(config) as (keyof HoverNetConfig)[]).find(
    (field) =>
      !freeFields.includes(field) && JSON.stringify(config[field]) !== JSON.stringify(checkpoint.config[field]),
  );
  if (differing !== undefined) {
    const [expected, got] = [config, checkpoint.config].map((network) => JSON.stringify(network[differing]));
    const problem = `expected weights of a network with ${differing} ${expected}, got ${got} from ${path}; set network_def as it is there`;
    throw new ConfigError('network_def#start_weights', problem);
  }
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
