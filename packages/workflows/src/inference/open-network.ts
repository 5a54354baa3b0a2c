// The trained network that a configuration names.
import { loadTaxonomy } from '@hovernet/data';
import { resolveConfig } from '@hovernet/model';
import type { HovernetConfiguration } from '../config/configuration.js';
import { readCheckpoint } from '../network/checkpoint.js';
import type { TrainedNetwork } from './tile-predictor.js';

/**
 * Reads `config.weights`. A checkpoint of this project says itself which network it is and which classes it knows; for
 * others the configuration's network and taxonomy hold.
 */
export async function openNetwork(config: HovernetConfiguration): Promise<TrainedNetwork & { readonly mpp: number }> {
  const taxonomy = await loadTaxonomy(config.taxonomy);
  const fallback = resolveConfig(config.network.architecture);
  const { config: network, classes, state } = await readCheckpoint(config.weightsPath, { fallback });
  return { config: network, state, classes: classes.length > 0 ? classes : taxonomy.classes, mpp: taxonomy.mpp };
}
