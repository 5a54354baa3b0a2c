// Adam (Kingma and Ba 2015) on the host, with the L2 term added to the gradient, as torch.optim.Adam; and its learning rate.
import type { StateDict } from '@hovernet/model';
import type { OptimizerOptions, ScheduleOptions } from './train-options.js';

/** Without the learning rate, which a schedule changes. */
export type AdamOptions = Required<Omit<OptimizerOptions, 'learningRate'>>;

/** First and second moment of every parameter, and the number of steps taken. */
export interface AdamState {
  step: number;
  readonly first: Map<string, Float32Array>;
  readonly second: Map<string, Float32Array>;
}

/** The state before the first step. */
export function createAdamState(): AdamState {
  return { step: 0, first: new Map(), second: new Map() };
}

/** One step: changes the parameters of `weights` that have a gradient, and `state`, in place. */
export function stepAdam(
  weights: StateDict,
  gradients: ReadonlyMap<string, Float32Array>,
  update: { readonly state: AdamState; readonly learningRate: number; readonly options: AdamOptions },
): void {
  const { state, learningRate, options } = update;
  state.step++;
  const [beta1, beta2] = options.betas;
  const stepSize = learningRate / (1 - beta1 ** state.step);
  const correction = Math.sqrt(1 - beta2 ** state.step);
  for (const [name, gradient] of gradients) {
    const parameter = weights.get(name)!.data as Float32Array;
    const first = momentOf(state.first, name, parameter.length);
    const second = momentOf(state.second, name, parameter.length);
    updateParameter(parameter, gradient, { first, second, stepSize, correction, options });
  }
}

/** What {@link updateParameter} changes beside the parameter, and by how much. */
export interface ParameterUpdate {
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Learning rate / (1 − β₁ᵗ). */
  readonly stepSize: number;
  /** √(1 − β₂ᵗ). */
  readonly correction: number;
  readonly options: AdamOptions;
}

/** Adam's rule over the elements of one parameter, in double precision; changes it and its moments in place. */
export function updateParameter(
  parameter: Float32Array | Float64Array,
  gradient: Float32Array,
  { first, second, stepSize, correction, options }: ParameterUpdate,
): void {
  const [beta1, beta2] = options.betas;
  const { epsilon, weightDecay } = options;
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]! + weightDecay * parameter[i]!;
    const m = beta1 * first[i]! + (1 - beta1) * g;
    const v = beta2 * second[i]! + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    parameter[i] = parameter[i]! - (stepSize * m) / (Math.sqrt(v) / correction + epsilon);
  }
}

function momentOf(moments: Map<string, Float32Array>, name: string, length: number): Float32Array {
  let moment = moments.get(name);
  if (!moment) {
    moment = new Float32Array(length);
    moments.set(name, moment);
  }
  return moment;
}

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
export function learningRateOf(moment: TrainingMoment, base: number, schedule: Required<ScheduleOptions>): number {
  const { step = Infinity } = moment;
  const warmup = step < schedule.warmupSteps ? step / schedule.warmupSteps : 1;
  return warmup * base * scheduleFactor(moment, schedule);
}

function scheduleFactor({ epoch, epochs }: TrainingMoment, schedule: Required<ScheduleOptions>): number {
  switch (schedule.type) {
    case 'step':
      return schedule.gamma ** Math.floor(epoch / schedule.stepSizeEpochs);
    case 'cosine':
      return (1 + Math.cos((Math.PI * (epoch + 0.5)) / epochs)) / 2;
    case 'constant':
      return 1;
  }
}
