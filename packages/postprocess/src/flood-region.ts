// The flooding of one region, in memory of its own that stays in the cache.
import { FloodQueue } from './flood-queue.js';

/** A pixel that no label has reached yet; 0 is outside. */
export const unlabelled = -1;

/** A box of a plane. */
export interface FloodGrid {
  /** Of the box with a frame of one pixel of 0 around it: labels of seeds, {@link unlabelled}, or 0. */
  readonly labels: Int32Array;
  /** The landscape of the box without the frame. */
  readonly values: Float64Array;
  /** Of a row with the frame. */
  readonly width: number;
}

/** Labels all pixels of `grid` that the seeds reach. Unreached ones cannot be: the region is connected and has a seed. */
export function floodRegion({ labels, values, width }: FloodGrid): void {
  const queue = new FloodQueue();
  const boxWidth = width - 2;

  // A pixel that leads nowhere is not queued: popping it would do nothing.
  const enqueue = (i: number): void => {
    const leadsOn =
      labels[i - 1] === unlabelled ||
      labels[i + 1] === unlabelled ||
      labels[i - width] === unlabelled ||
      labels[i + width] === unlabelled;
    if (!leadsOn) return;
    const y = (i / width) | 0;
    queue.push(values[(y - 1) * boxWidth + i - y * width - 1]!, i);
  };
  const spread = (label: number, i: number): void => {
    if (labels[i] !== unlabelled) return;
    labels[i] = label;
    enqueue(i);
  };

  for (let i = width; i < labels.length - width; i++) if (labels[i]! > 0) enqueue(i);
  while (queue.size > 0) {
    const i = queue.pop();
    const label = labels[i]!;
    spread(label, i - width);
    spread(label, i - 1);
    spread(label, i + 1);
    spread(label, i + width);
  }
}
