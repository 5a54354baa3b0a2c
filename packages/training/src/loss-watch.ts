// Notices a training that went astray although its loss is still a number.
import { HovernetError } from '@hovernet/core';

/** Steps whose mean is compared. */
const SPAN = 20;
/** How much more than the best mean so far is too much: a loss that good steps never come near to again. */
const FACTOR = 10;

export interface LossWatch {
  /** @throws HovernetError ENGINE_FAILED when the mean of the last steps is ten times the least mean before it. */
  add(loss: number, epoch: number): void;
}

/** A watch over the steps from now on. */
export function createLossWatch(): LossWatch {
  const recent: number[] = [];
  let sum = 0;
  let least = Infinity;
  return {
    add(loss, epoch) {
      recent.push(loss);
      sum += loss;
      if (recent.length > SPAN) sum -= recent.shift()!;
      if (recent.length < SPAN) return;
      const mean = sum / SPAN;
      if (mean > FACTOR * least) {
        throw new HovernetError(
          'ENGINE_FAILED',
          `training: expected a loss that falls, got a mean of ${mean.toPrecision(3)} over ${SPAN} steps in epoch ${epoch} after ${least.toPrecision(3)}; ` +
            'lower the learning rate or warm it up over more steps, and start again from the last checkpoint',
        );
      }
      least = Math.min(least, mean);
    },
  };
}
