// What goes into the pipelines and what comes out.
import type { HoverMaps, LabelledImage, Random, TypeMap } from '@hovernet/core';
import type { NdArray } from 'ndarray';

/** What the network reads and what it should say. */
export interface TrainSample {
  /** `[3, window, window]` float32, 0…1. */
  readonly image: NdArray<Float32Array>;
  /** `[output, output]` uint8: 1 on nuclei. */
  readonly foreground: TypeMap;
  /** `[2, output, output]` float32, −1…1. */
  readonly hover: HoverMaps;
  /** `[output, output]` uint8 class ids. */
  readonly typeMap: TypeMap;
}

/** Makes a sample for the network of a prepared patch; `random` is this patch's own stream. */
export type SamplePipeline = (sample: LabelledImage, random: Random) => TrainSample;
