// Dynamic loss scaling, as torch.cuda.amp.GradScaler: half-precision gradients are kept within the range of float16.

/** Changes in place from step to step; saved with a run. */
export interface LossScale {
  /** The loss is multiplied by this before its gradients are taken. A power of two, so that scaling costs no digits. */
  scale: number;
  /** Steps since the scale was last changed. */
  goodSteps: number;
}

const INITIAL_SCALE = 65_536;
const GROWTH_INTERVAL_STEPS = 2000;

export function createLossScale(): LossScale {
  return { scale: INITIAL_SCALE, goodSteps: 0 };
}

/** Halves the scale after a step that overflowed, doubles it after 2,000 in a row that did not. */
export function updateLossScale(state: LossScale, overflowed: boolean): void {
  if (overflowed) {
    state.scale /= 2;
    state.goodSteps = 0;
  } else if (++state.goodSteps === GROWTH_INTERVAL_STEPS) {
    state.scale *= 2;
    state.goodSteps = 0;
  }
}

/** Divides `gradients` by `scale` in place; true if all of them are finite. */
export function unscaleGradients(gradients: ReadonlyMap<string, Float32Array>, scale: number): boolean {
  const factor = 1 / scale;
  // Infinity · 0 and NaN · 0 are NaN, everything else is 0.
  let poison = 0;
  for (const gradient of gradients.values()) {
    for (let i = 0; i < gradient.length; i++) {
      const value = gradient[i]!;
      poison += value * 0;
      gradient[i] = value * factor;
    }
  }
  return poison === 0;
}
