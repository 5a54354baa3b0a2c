// Whether a network fits what a configuration says of windows and classes.
import { ConfigError, ShapeError, WeightsError } from '@hovernet/core';
import type { Taxonomy } from '@hovernet/data';
import { outputSize, resolveConfig, type HoverNetConfig } from '@hovernet/model/architecture';
import type { HovernetConfiguration } from '../config/configuration.js';

/**
 * Output side in pixels of a window of `windowPx`.
 * @throws ConfigError naming `id` and the nearest sizes that the network takes.
 */
export function checkWindow(id: string, network: HoverNetConfig, windowPx: number): number {
  try {
    return outputSize(network, windowPx);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ConfigError(id, `does not fit the network of mode ${network.mode} (${error.message})`, {
      cause: error,
    });
  }
}

/**
 * Output side in pixels of the network of `config` for its patches.
 * @throws ConfigError for a `patch_size` that does not fit, or an `out_size` that is not what the network makes of it.
 */
export function findOutputSize({
  network,
  patchSizePx,
  outputSizePx,
}: Pick<HovernetConfiguration, 'network' | 'patchSizePx' | 'outputSizePx'>): number {
  const outputPx = checkWindow('patch_size', resolveConfig(network.architecture), patchSizePx);
  if (outputSizePx === null || outputSizePx === outputPx) return outputPx;
  const problem = `expected ${outputPx}, what the network makes of patch_size ${patchSizePx}, got ${outputSizePx}`;
  throw new ConfigError('out_size', problem);
}

/**
 * A network with a type branch must know as many classes as the taxonomy of the data.
 * @throws ConfigError for id `network_def#out_classes`, or WeightsError naming the file that gave the network.
 */
export function checkClasses(network: HoverNetConfig, taxonomy: Taxonomy, weightsPath?: string): void {
  const classes = taxonomy.classes.length + 1;
  if (network.outClasses === 0 || network.outClasses === classes) return;
  const problem = `expected ${classes} classes (background and the ${taxonomy.classes.length} of taxonomy ${taxonomy.name}), got ${network.outClasses}`;
  if (weightsPath === undefined) throw new ConfigError('network_def#out_classes', problem);
  throw new WeightsError(`${weightsPath}: ${problem}; use the taxonomy that the network was trained on`);
}
