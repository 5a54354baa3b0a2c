// Which image sizes the network takes and what it makes of them.
import { ShapeError } from '@hovernet/core';
import type { HoverNetConfig } from './config.js';
import { traceShape } from './shape-operations.js';

/** Sizes further away than this are not suggested. */
const searchLimitPx = 4096;

/**
 * Pixels of the output along one axis for an image of `inputSize` pixels; the output is centred in the image.
 * Height and width are independent. Standard: 256 → 164 (fast), 270 → 80 (original).
 * @throws ShapeError naming the nearest sizes that fit.
 */
export function outputSize(config: HoverNetConfig, inputSize: number): number {
  const shape = traceShape(config, inputSize);
  if (shape.fits) return shape.outputSize;
  const nearest = [findSize(config, inputSize, -1), findSize(config, inputSize, 1)].filter((size) => size !== null);
  throw new ShapeError(
    'outputSize',
    'a height and width that the network can halve three times and that leave an output',
    `${inputSize} px`,
    nearest.length > 0 ? `nearest that fit: ${nearest.join(' and ')} px` : '',
  );
}

function findSize(config: HoverNetConfig, inputSize: number, step: 1 | -1): number | null {
  const start = step > 0 ? Math.max(Math.floor(inputSize) + 1, 1) : Math.ceil(inputSize) - 1;
  for (let size = start; size >= 1 && Math.abs(size - start) <= searchLimitPx; size += step) {
    if (traceShape(config, size).fits) return size;
  }
  return null;
}
