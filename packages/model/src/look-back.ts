// How far MONAI's strided convolutions reach beyond an image.
import type { ConvolutionLayer } from './layers.js';

/** Zeros at the two ends of rows and columns. */
export interface LookBack {
  readonly before: number;
  /** As in MONAI; gives one row and column more than half of the image has. */
  readonly after: number;
  /** What suffices for half of the image. */
  readonly afterAtLeast: number;
}

/** The padding of a convolution of stride 2 in MONAI's graph: one more than usual before the image. */
export function lookBack({ kernelSize }: Pick<ConvolutionLayer, 'kernelSize'>): LookBack {
  const before = (kernelSize + 1) / 2;
  return { before, after: before - 1, afterAtLeast: Math.max(0, kernelSize - 2 - before) };
}
