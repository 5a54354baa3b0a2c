// How much work one window is.
import type { HoverNetConfig } from './config.js';
import { outputSize } from './output-size.js';
import { traceShape, type StageMacs } from './shape-operations.js';

/** Multiply–accumulate operations of a forward pass. */
export interface NetworkMacs {
  readonly total: number;
  readonly stages: readonly StageMacs[];
}

/**
 * Multiply–accumulates of the convolutions for one square image of `inputSize` pixels a side (149.6 G for the standard
 * network in fast mode at 256). The row and column that MONAI's strided convolutions give too much are counted.
 * @throws ShapeError when the size does not fit.
 */
export function countMacs(config: HoverNetConfig, inputSize: number): NetworkMacs {
  outputSize(config, inputSize);
  const { stages } = traceShape(config, inputSize);
  return { total: stages.reduce((sum, stage) => sum + stage.macs, 0), stages };
}
