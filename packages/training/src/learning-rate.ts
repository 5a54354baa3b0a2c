// The learning rate of a step.
import type { ScheduleConfiguration } from '../config/configuration.js';

/** Where in a run a step is. */
export interface TrainingMoment {
  /** From 0; the rate changes from epoch to epoch. */
  readonly epoch: number;
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** From 1, over all epochs; matters while the rate warms up. @default after it */
  readonly step?: number;
}

/**
 * The rate at `moment`. step: `base` times gamma for every full `stepSizeEpochs` before the epoch, as torch's StepLR;
 * cosine: half a wave from `base` down to 0 after the last epoch (Loshchilov and Hutter 2017), by the middle of the epoch;
 * constant: `base`. Over the first `warmupSteps` it rises in proportion.
 */
export function learningRateOf(moment: TrainingMoment, base: number, schedule: ScheduleConfiguration): number {
  const { step = Infinity } = moment;
  const warmup = step < schedule.warmupSteps ? step / schedule.warmupSteps : 1;
  return warmup * base * scheduleFactor(moment, schedule);
}

function scheduleFactor({ epoch, epochs }: TrainingMoment, schedule: ScheduleConfiguration): number {
  switch (schedule.type) {
    case 'step':
      return schedule.gamma ** Math.floor(epoch / schedule.stepSizeEpochs);
    case 'cosine':
      return (1 + Math.cos((Math.PI * (epoch + 0.5)) / epochs)) / 2;
    case 'constant':
      return 1;
  }
}
