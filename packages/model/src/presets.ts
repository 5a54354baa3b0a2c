// Ready-made networks. They differ in width and depth; fewer dense units also leave more output: 256 → 204 px for `tiny`.
import type { HoverNetConfig } from './config.js';

/** `base` is the paper's network; `lite` and `tiny` trade accuracy for speed. */
export type PresetName = 'base' | 'lite' | 'tiny';

const base: HoverNetConfig = {
  mode: 'fast',
  reference: 'monai',
  inChannels: 3,
  outClasses: 5,
  npOutChannels: 2,
  stemChannels: 64,
  stemStride: 1,
  stageChannels: [64, 128, 256, 512],
  units: [3, 4, 6, 3],
  denseUnits: [8, 4],
  growth: 32,
  denseBottleneck: 128,
  groups: 4,
  headChannels: 64,
  decoderPadding: false,
  dropout: 0,
};

/** The configurations that {@link HoverNetConfig} options start from. */
export const presets: Readonly<Record<PresetName, HoverNetConfig>> = {
  base,
  lite: {
    ...base,
    reference: 'hover_net',
    decoderPadding: true,
    stemChannels: 16,
    stemStride: 2,
    stageChannels: [8, 32, 64, 128],
    units: [1, 2, 3, 2],
    denseUnits: [4, 2],
    growth: 16,
    denseBottleneck: 32,
    headChannels: 16,
  },
  tiny: {
    ...base,
    stemChannels: 8,
    stageChannels: [4, 16, 32, 64],
    units: [1, 1, 2, 1],
    denseUnits: [4, 2],
    growth: 8,
    denseBottleneck: 32,
    headChannels: 16,
  },
};
