// The learning rate of an epoch.
import type { ScheduleConfiguration } from '../config/configuration.js';

/** Step schedule as torch's StepLR: `base` times gamma for every full `stepSizeEpochs` before `epoch` (from 0). */
export function learningRateOf(epoch: number, base: number, schedule: ScheduleConfiguration): number {
  return base * schedule.gamma ** Math.floor(epoch / schedule.stepSizeEpochs);
}
