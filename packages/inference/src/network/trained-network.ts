// A network with its weights, ready to run: batches of windows in, raw maps of their centres out.
import type { NucleusClass } from '@hovernet/core';
import type { HoverNetConfig } from '@hovernet/model';
import type { WindowSize } from '@hovernet/transforms';

/** Names of the branches; nc is absent without types. */
export type Branch = 'np' | 'hv' | 'nc';
export const branches: readonly Branch[] = ['np', 'hv', 'nc'];

/** Output of the branches for a batch of windows: `[windows, channels, output, output]` float32 each. */
export type BranchOutputs = Readonly<Partial<Record<Branch, Float32Array>>>;

/** How many windows, and of which sides. */
export interface WindowBatch {
  readonly batchSize: number;
  readonly size: WindowSize;
}

/** What windows are predicted with. */
export interface WindowNetwork {
  /** Channels of the windows. */
  readonly inChannels: number;
  /** Channels of each branch that is there. */
  readonly outChannels: Readonly<Partial<Record<Branch, number>>>;
  /**
   * `planes`: `[batch, channels, input, input]` float32, 0…1. Returns the centres of the network's outputs, `size.output` pixels
   * a side.
   */
  run(planes: Float32Array, batch: WindowBatch): Promise<BranchOutputs>;
  /** Frees the engine's memory; runs under way end first. */
  dispose(): Promise<void>;
}

/** A network that knows what it was trained for. */
export interface TrainedNetwork extends WindowNetwork {
  readonly config: HoverNetConfig;
  /** Class ids 1…n; empty without types. */
  readonly classes: readonly NucleusClass[];
  /** Micrometres per pixel of the images that it was trained on; null where unknown. */
  readonly mpp: number | null;
  /** The only side of windows that it runs, in pixels; undefined for any that fits. */
  readonly windowPx?: number | undefined;
  /** The only number of windows in a run; undefined for any. */
  readonly batchSize?: number | undefined;
}

/** Channels of the branches of a network. */
export function listOutChannels(config: HoverNetConfig): WindowNetwork['outChannels'] {
  return { np: config.npOutChannels, hv: 2, ...(config.outClasses > 0 && { nc: config.outClasses }) };
}

/** The centres of square planes, one after another; the planes themselves where nothing is cut. */
export function cropPlanes(planes: Float32Array, sidePx: number, croppedPx: number): Float32Array {
  if (sidePx === croppedPx) return planes;
  const margin = (sidePx - croppedPx) / 2;
  const count = planes.length / sidePx ** 2;
  const cropped = new Float32Array(count * croppedPx ** 2);
  for (let plane = 0, to = 0; plane < count; plane++) {
    for (let y = 0; y < croppedPx; y++, to += croppedPx) {
      const from = (plane * sidePx + y + margin) * sidePx + margin;
      cropped.set(planes.subarray(from, from + croppedPx), to);
    }
  }
  return cropped;
}
