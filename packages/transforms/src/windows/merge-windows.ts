// Puts the outputs of sliding windows together; where outputs overlap, their mean counts.
import { createPlanes, ShapeError } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { windowOrigin, type WindowPlan } from './plan-windows.js';

/** Collects window outputs of one image; memory is one float32 plane per channel. */
export interface WindowMerger {
  /** Adds the output of window `index`: `[channels, output, output]` float32 at `offset` of `values`. */
  add(index: number, values: Float32Array, offset: number): void;
  /** `[channels, height, width]` of the image, once every window was added. The merger must not be used afterwards. */
  finish(): NdArray<Float32Array>;
}

/** A merger for outputs of `channels` planes. */
export function createWindowMerger(plan: WindowPlan, channels: number): WindowMerger {
  const { imageHeight: height, imageWidth: width } = plan;
  const { output } = plan.size;
  const planes = createPlanes(channels, height, width);
  const sums = planes.data;
  const rowCounts = countCover(plan.rowStarts, output, height);
  const columnCounts = countCover(plan.columnStarts, output, width);
  const overlaps = [rowCounts, columnCounts].some((counts) => counts.some((count) => count > 1));
  return {
    add(index, values, offset) {
      if (offset + channels * output * output > values.length) {
        throw new ShapeError(
          'mergeWindows',
          `[${channels}, ${output}, ${output}] at ${offset}`,
          `${values.length} elements`,
        );
      }
      const { row, column } = windowOrigin(plan, index);
      const firstY = Math.max(0, -row);
      const lastY = Math.min(output, height - row);
      const firstX = Math.max(0, -column);
      const lastX = Math.min(output, width - column);
      for (let channel = 0; channel < channels; channel++) {
        for (let y = firstY; y < lastY; y++) {
          let from = offset + (channel * output + y) * output + firstX;
          let to = (channel * height + row + y) * width + column + firstX;
          if (!overlaps) sums.set(values.subarray(from, from + lastX - firstX), to);
          else for (let x = firstX; x < lastX; x++) sums[to++]! += values[from++]!;
        }
      }
    },
    finish() {
      if (!overlaps) return planes;
      for (let channel = 0; channel < channels; channel++) {
        for (let y = 0; y < height; y++) {
          let at = (channel * height + y) * width;
          for (let x = 0; x < width; x++, at++) {
            const count = rowCounts[y]! * columnCounts[x]!;
            if (count > 1) sums[at] = sums[at]! / count;
          }
        }
      }
      return planes;
    },
  };
}

/** How many windows cover each position of an axis. */
function countCover(starts: readonly number[], output: number, length: number): Uint8Array {
  const counts = new Uint8Array(length);
  for (const start of starts) {
    const last = Math.min(length, start + output);
    for (let i = Math.max(0, start); i < last; i++) counts[i]!++;
  }
  return counts;
}
