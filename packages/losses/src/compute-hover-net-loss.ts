// HoVerNetLoss (Graham et al. 2019): cross-entropy and Dice of both classifications, squared errors of the HoVer maps.
import { ArgumentError, ShapeError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { computeCrossEntropy, computeDice, computeMaskedGradientMse, computeMse } from './loss-terms.js';

/** What the network says, or what it should say; NHWC, float32. */
export interface HoverNetMaps {
  /** Nucleus pixels, `[N, H, W, 2]`: logits, or one-hot; background first. */
  readonly np: tf.Tensor4D;
  /** HoVer maps, `[N, H, W, 2]`: horizontal, vertical, −1…1. */
  readonly hv: tf.Tensor4D;
  /** Nucleus classes, `[N, H, W, C]`: logits, or one-hot; background first. */
  readonly nc?: tf.Tensor4D | undefined;
}

/** Factors of the terms in the total. */
export interface LossWeights {
  /** @default 1 */
  readonly npCrossEntropy?: number;
  /** @default 1 */
  readonly npDice?: number;
  /** MONAI's HoVerNetLoss class defaults to 2; its bundle sets 1. @default 1 */
  readonly hvMse?: number;
  /** @default 1 */
  readonly hvGradientMse?: number;
  /** @default 1 */
  readonly ncCrossEntropy?: number;
  /** @default 1 */
  readonly ncDice?: number;
}

/** The terms before weighting; those of the classes only where the network has a type branch. */
export interface LossTerms {
  readonly npCrossEntropy: tf.Scalar;
  readonly npDice: tf.Scalar;
  readonly hvMse: tf.Scalar;
  readonly hvGradientMse: tf.Scalar;
  readonly ncCrossEntropy?: tf.Scalar;
  readonly ncDice?: tf.Scalar;
}

export interface HoverNetLoss {
  /** Weighted sum of the terms. */
  readonly total: tf.Scalar;
  readonly terms: LossTerms;
}

/**
 * The training loss and its terms. Differentiable in all `outputs`; fit for tracing: static shapes, no values are read.
 * Where `outputs` has no `nc`, a `nc` target is ignored.
 *
 * @throws ShapeError if an output and its target differ in shape; ArgumentError if a map is missing
 */
export function computeHoverNetLoss(
  outputs: HoverNetMaps,
  targets: HoverNetMaps,
  weights: LossWeights = {},
): HoverNetLoss {
  assertComplete(outputs, targets);
  return tf.tidy(() => {
    const terms: LossTerms = {
      npCrossEntropy: computeCrossEntropy(outputs.np, targets.np),
      npDice: computeDice(outputs.np, targets.np),
      hvMse: computeMse(outputs.hv, targets.hv),
      hvGradientMse: computeMaskedGradientMse(outputs.hv, targets.hv, foregroundMask(targets.np)),
      ...(outputs.nc && targets.nc ? computeClassTerms(outputs.nc, targets.nc) : {}),
    };
    return { total: sumTerms(terms, weights), terms } satisfies HoverNetLoss as HoverNetLoss & tf.TensorContainerObject;
  });
}

function assertComplete(outputs: HoverNetMaps, targets: HoverNetMaps): void {
  const given = { outputs, targets };
  for (const side of ['outputs', 'targets'] as const) {
    for (const name of ['np', 'hv'] as const) {
      if (!given[side][name]) throw new ArgumentError(`computeHoverNetLoss: expected ${name} in ${side}, got none`);
    }
  }
  if (outputs.nc && !targets.nc) {
    const remedy = 'give class targets, or use a network without a type branch';
    throw new ArgumentError(`computeHoverNetLoss: expected nc in targets as in outputs, got none; ${remedy}`);
  }
  if (outputs.np.rank === 4 && outputs.np.shape[3] < 2) {
    const actual = `[${outputs.np.shape.join(', ')}]`;
    throw new ShapeError('computeHoverNetLoss: np', 'at least 2 channels (background, nucleus)', actual);
  }
}

function computeClassTerms(logits: tf.Tensor4D, target: tf.Tensor4D): { ncCrossEntropy: tf.Scalar; ncDice: tf.Scalar } {
  return { ncCrossEntropy: computeCrossEntropy(logits, target), ncDice: computeDice(logits, target) };
}

function foregroundMask(np: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width] = np.shape;
  return tf.slice(np, [0, 0, 0, 1], [batch, height, width, 1]);
}

function sumTerms(terms: LossTerms, weights: LossWeights): tf.Scalar {
  const scaled = Object.entries(terms).map(([name, term]) => {
    const weight = weights[name as keyof LossWeights] ?? 1;
    return weight === 1 ? (term as tf.Scalar) : tf.mul<tf.Scalar>(term as tf.Scalar, weight);
  });
  return scaled.reduce((sum, term) => tf.add(sum, term));
}
