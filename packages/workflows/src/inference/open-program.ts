// Weights that are no ONNX model, as a traced program. Loads TensorFlow.js.
import type { Reporter } from '@hovernet/core';
import type { Taxonomy } from '@hovernet/data';
import { openProgramNetwork, readAdvice, type OpenedNetwork } from '@hovernet/inference/internal';
import { loadWeights } from '@hovernet/model/node';
import type { HovernetConfiguration } from '../config/configuration.js';
import { checkClasses } from '../network/check-network.js';
import { openEngine } from '../network/open-engine.js';
import { reportCheckpoint } from '../network/report-checkpoint.js';
import { openWindow } from './window-defaults.js';

/**
 * Reads the weights at `path` and opens the engine of `config`. A file of this project says itself which network it is and which classes
 * it knows; of others, shapes and origin tell the network, and the classes are the taxonomy's.
 * @throws WeightsError where the taxonomy would have to name the classes and has another number of them.
 */
export async function openProgram(
  path: string,
  config: HovernetConfiguration,
  { taxonomy, reporter }: { readonly taxonomy: Taxonomy; readonly reporter: Reporter },
): Promise<OpenedNetwork> {
  const checkpoint = await loadWeights(path, { assumed: config.network.architecture });
  const { config: architecture, classes, state, mpp = null, sha256 } = checkpoint;
  if (classes.length === 0) checkClasses(architecture, taxonomy, path);
  openWindow(config, architecture);
  reportCheckpoint(reporter, path, checkpoint);
  const engine = await openEngine(config.engine, architecture, { reporter });
  const known = classes.length > 0 ? classes : taxonomy.classes;
  const network = await openProgramNetwork(engine, {
    config: architecture,
    classes: architecture.outClasses > 0 ? known : [],
    mpp,
    state,
  });
  return { network, weights: { name: path, sha256 }, ...readAdvice(checkpoint, path) };
}
