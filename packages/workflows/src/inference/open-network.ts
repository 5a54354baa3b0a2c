// The trained network that a configuration names.
import { loadTaxonomy, type Taxonomy } from '@hovernet/data';
import { resolveConfig } from '@hovernet/model';
import type { HovernetConfiguration } from '../config/configuration.js';
import { checkWindow } from '../network/check-network.js';
import { readCheckpoint } from '../network/checkpoint.js';
import type { TrainedNetwork } from './tile-predictor.js';

/** A trained network and the taxonomy of the configuration. */
export interface OpenedNetwork extends TrainedNetwork {
  readonly taxonomy: Taxonomy;
}

/**
 * Reads `config.weights`. A checkpoint of this project says itself which network it is and which classes it knows; for
 * others the configuration's network and taxonomy hold.
 */
export async function openNetwork(config: HovernetConfiguration): Promise<OpenedNetwork> {
  const taxonomy = await loadTaxonomy(config.taxonomy);
  const fallback = resolveConfig(config.network.architecture);
  const { config: network, classes, state } = await readCheckpoint(config.weightsPath, { fallback });
  checkWindow(network, config.patchSizePx);
  return { config: network, state, classes: classes.length > 0 ? classes : taxonomy.classes, taxonomy };
}
