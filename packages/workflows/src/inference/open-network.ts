// The trained network that a configuration names.
import { loadTaxonomy, type Taxonomy } from '@hovernet/data';
import { resolveConfig, type HoverNetConfig } from '@hovernet/model';
import { freemem } from 'node:os';
import type { HovernetConfiguration } from '../config/configuration.js';
import { checkWindow } from '../network/check-network.js';
import { readCheckpoint } from '../network/checkpoint.js';
import { chooseWindows, type WindowChoice } from './choose-window.js';
import type { TrainedNetwork } from './tile-predictor.js';

/** A trained network and the taxonomy of the configuration. */
export interface OpenedNetwork extends TrainedNetwork {
  readonly taxonomy: Taxonomy;
  /** Side of the windows for an image, as the configuration asks. */
  readonly windowPx: number | WindowChoice;
}

/**
 * Reads `config.weights`. A checkpoint of this project says itself which network it is and which classes it knows; for
 * others the configuration's network and taxonomy hold.
 */
export async function openNetwork(config: HovernetConfiguration): Promise<OpenedNetwork> {
  const taxonomy = await loadTaxonomy(config.taxonomy);
  const fallback = resolveConfig(config.network.architecture);
  const { config: network, classes, state } = await readCheckpoint(config.weightsPath, { fallback });
  return {
    config: network,
    state,
    classes: classes.length > 0 ? classes : taxonomy.classes,
    taxonomy,
    windowPx: openWindow(config, network),
  };
}

/** Half of the free memory is left to the images, the engine and others. */
function openWindow({ patchSizePx, windowPx }: HovernetConfiguration, network: HoverNetConfig): number | WindowChoice {
  checkWindow('patch_size', network, patchSizePx);
  if (windowPx === 'auto') return chooseWindows(network, freemem() / 2, patchSizePx);
  if (windowPx === null) return patchSizePx;
  checkWindow('window_size', network, windowPx);
  return windowPx;
}
