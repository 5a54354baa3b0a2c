// The shape of a HoVer-Net as plain data: what is built, not where its weights are.
import type { Reference } from '@hovernet/core';

/** `fast`: 3×3 decoder kernels, 256 → 164 px; `original`: 5×5 decoder kernels, unpadded stem, 270 → 80 px. */
export type NetworkMode = 'fast' | 'original';

/** Everything that decides the architecture. Channel counts of the paper's network in parentheses. */
export interface HoverNetConfig {
  readonly mode: NetworkMode;
  /**
   * Whose graph the weights belong to; the state dict is the same, the function is not. `monai`: bilinear upsampling, strided
   * convolutions that look back (rows 2i−2…2i). `hover_net`: nearest upsampling, strided convolutions that look ahead (rows
   * 2i…2i+2).
   */
  readonly reference: Reference;
  /** Channels of the input image (3). */
  readonly inChannels: number;
  /** Channels of the type branch, background included: 0 (no type branch) or 2…128. */
  readonly outClasses: number;
  /** Channels of the nucleus pixel branch (2). */
  readonly npOutChannels: number;
  /** Channels after the first convolution (64). */
  readonly stemChannels: number;
  /**
   * 2: the first convolution halves the image, everything works at half resolution, and the heads end with a transposed
   * convolution that gives the image's resolution back. A quarter of the work of 1, the paper's.
   */
  readonly stemStride: 1 | 2;
  /** Inner channels of the four residual stages (64, 128, 256, 512); a stage gives four times as many. */
  readonly stageChannels: readonly [number, number, number, number];
  /** Residual units of the four stages (3, 4, 6, 3). */
  readonly units: readonly [number, number, number, number];
  /** Dense units of a branch's two decoder blocks (8, 4). */
  readonly denseUnits: readonly [number, number];
  /** Channels that one dense unit adds (32). */
  readonly growth: number;
  /** Channels inside a dense unit (128). */
  readonly denseBottleneck: number;
  /** Groups of a dense unit's second convolution (4); divides `growth` and `denseBottleneck`. */
  readonly groups: number;
  /** Channels of a branch's head (64). */
  readonly headChannels: number;
  /**
   * Pads the decoder's convolutions, so that the output is as large as the input.
   * As in MONAI, `reference: 'monai'` then leaves out the two outer skip connections.
   */
  readonly decoderPadding: boolean;
  /** Probability of channel dropout at the end of every residual unit while training, 0…1. */
  readonly dropout: number;
}

/** Kernel size of the decoder's spatial convolutions. */
export function decoderKernelSize(config: HoverNetConfig): number {
  return config.mode === 'fast' ? 3 : 5;
}
