// Channel dropout of the encoder while training (Tompson et al. 2015; PyTorch's Dropout2d), drawn on the host: a traced
// graph has no random state.
import type { Random } from '@hovernet/core';
import type { HoverNetConfig } from './config.js';
import type { DropoutLayer } from './layers.js';
import { declareNetwork } from './network.js';

/** The dropout layers, in the order in which they run: one at the end of every residual unit, none where `dropout` is 0. */
export function listDropouts(config: HoverNetConfig): DropoutLayer[] {
  // Asked for in every train step: most networks have none.
  if (config.dropout === 0) return [];
  return declareNetwork(config).layers.filter((layer) => layer.kind === 'dropout');
}

/**
 * Draws what every dropout layer multiplies its channels with, by name: `[batch, channels]`, 0 with probability
 * `config.dropout`, else 1 / (1 − dropout). Every image draws from its own entry of `randoms`, so that its scales do not
 * depend on the batch that it is in.
 */
export function drawDropoutScales(config: HoverNetConfig, randoms: readonly Random[]): Map<string, Float32Array> {
  const { dropout } = config;
  const kept = dropout < 1 ? 1 / (1 - dropout) : 0;
  const scales = new Map<string, Float32Array>();
  for (const [index, { name, channels }] of listDropouts(config).entries()) {
    const values = new Float32Array(randoms.length * channels);
    for (const [image, random] of randoms.entries()) {
      const layerRandom = random.fork(index);
      for (let channel = 0; channel < channels; channel++) {
        values[image * channels + channel] = layerRandom.chance(dropout) ? 0 : kept;
      }
    }
    scales.set(name, values);
  }
  return scales;
}
