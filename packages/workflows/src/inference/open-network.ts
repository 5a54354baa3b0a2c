// The trained network that a configuration names.
import type { Reporter } from '@hovernet/core';
import { loadTaxonomy, type Taxonomy } from '@hovernet/data';
import type { WindowPadding } from '@hovernet/transforms';
import type { HovernetConfiguration } from '../config/configuration.js';
import { checkClasses } from '../network/check-network.js';
import { readCheckpointFile } from '@hovernet/model/node';
import { chooseWeights } from '../network/choose-weights.js';
import { reportCheckpoint } from '../network/report-checkpoint.js';
import type { WindowChoice } from './choose-window.js';
import type { TrainedNetwork } from './tile-predictor.js';
import { openPadding, openWindow } from './window-defaults.js';

/** A trained network and the taxonomy of the configuration. */
export interface OpenedNetwork extends TrainedNetwork {
  readonly taxonomy: Taxonomy;
  /** Side of the windows for an image, as the configuration asks. */
  readonly windowPx: number | WindowChoice;
  /** What surrounds an image, as the configuration asks. */
  readonly padding: WindowPadding;
}

/**
 * Reads `config.weights` and tells `reporter` what was read. A checkpoint of this project says itself which network it is
 * and which classes it knows; of others, shapes and origin tell the network, and the classes are the taxonomy's.
 * @throws WeightsError where the taxonomy would have to name the classes and has another number of them.
 */
export async function openNetwork(config: HovernetConfiguration, reporter: Reporter): Promise<OpenedNetwork> {
  const { path: weightsPath, note } = chooseWeights(config);
  if (note !== null) reporter.message(note);
  const taxonomy = await loadTaxonomy(config.taxonomy);
  const checkpoint = await readCheckpointFile(weightsPath, { assumed: config.network.architecture });
  const { config: network, classes, state } = checkpoint;
  if (classes.length === 0) checkClasses(network, taxonomy, weightsPath);
  const windowPx = openWindow(config, network);
  const padding = openPadding(config.inference.padding, network);
  reportCheckpoint(reporter, weightsPath, checkpoint);
  const known = classes.length > 0 ? classes : taxonomy.classes;
  return { config: network, state, classes: known, taxonomy, windowPx, padding };
}
