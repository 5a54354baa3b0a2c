// The whole network, declared once: its layers in the state dict's order, and how values flow through them.
import type { HoverNetConfig } from './config.js';
import { declareBranch, runBranch, type DecoderBranch } from './decoder.js';
import { declareEncoder, runEncoder, type Encoder } from './encoder.js';
import { LayerRegistry, type Layer, type LayerOperations } from './layers.js';

/** A declared network. */
export interface Network {
  /** All layers, in the order of MONAI's state dict. */
  readonly layers: readonly Layer[];
  readonly encoder: Encoder;
  readonly np: DecoderBranch;
  readonly hv: DecoderBranch;
  readonly nc: DecoderBranch | null;
}

/** What the branches give. */
export interface NetworkOutput<Value> {
  readonly np: Value;
  readonly hv: Value;
  readonly nc: Value | null;
}

export function declareNetwork(config: HoverNetConfig): Network {
  const registry = new LayerRegistry();
  const encoder = declareEncoder(registry, config);
  const np = declareBranch(registry, config, { name: 'nucleus_prediction', outChannels: config.npOutChannels });
  const hv = declareBranch(registry, config, { name: 'horizontal_vertical', outChannels: 2 });
  const nc =
    config.outClasses === 0
      ? null
      : declareBranch(registry, config, { name: 'type_prediction', outChannels: config.outClasses });
  return { layers: registry.layers, encoder, np, hv, nc };
}

/** Runs `network` on `image` by means of `operations`. */
export function runNetwork<Value>(
  network: Network,
  operations: LayerOperations<Value>,
  image: Value,
): NetworkOutput<Value> {
  const { skips, bottleneck } = runEncoder(network.encoder, operations, image);
  const features = { skips, top: operations.upsample(bottleneck) };
  const np = runBranch(network.np, operations, features);
  const hv = runBranch(network.hv, operations, features);
  const nc = network.nc && runBranch(network.nc, operations, features);
  return { np, hv, nc };
}
