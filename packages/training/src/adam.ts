// Adam (Kingma and Ba 2015) on the host, with the L2 term added to the gradient, as torch.optim.Adam.
import type { StateDict } from '@hovernet/model';

export interface AdamOptions {
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
}

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
