// What data sets are to the loader and the cache: numbered samples, read when asked for.
import type { LabelledImage } from '@hovernet/core';

/** Samples by number; `load` may be called for several at once. */
export interface Dataset<Sample> {
  readonly length: number;
  /** Name of sample `index`, unique in the data set. */
  name(index: number): string;
  load(index: number): Promise<Sample>;
}

/** Patches or whole tiles with their labels. */
export type PatchDataset = Dataset<LabelledImage>;
