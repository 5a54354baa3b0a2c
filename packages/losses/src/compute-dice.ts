// Soft Dice loss of logits against one-hot targets.
import * as tf from '@tensorflow/tfjs';
import { assertSameMaps } from './check-maps.js';

/** Added to numerator and denominator, so that a class that is absent in both counts as a perfect match. */
const smoothing = 1e-3;

/**
 * `Σ over channels of 1 − (2·Σ p·t + s) / (Σ p + Σ t + s)` with p = softmax(logits), s = 1e-3, inner sums over batch, rows
 * and columns together. As MONAI: plain (not squared) sums, background included, summed (not averaged) over channels.
 *
 * @param logits `[N, H, W, C]` float32, before softmax
 * @param target `[N, H, W, C]` float32, one-hot
 * @returns scalar in 0…C, differentiable in `logits`
 * @throws ShapeError if the shapes differ or are not of rank 4
 */
export function computeDice(logits: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  assertSameMaps('computeDice', logits, target);
  return tf.tidy(() => {
    const probability = tf.softmax(logits, 3);
    const common = sumOverPixels(tf.mul(probability, target));
    const total = tf.add(sumOverPixels(probability), sumOverPixels(target));
    const overlap = tf.div(tf.add(tf.mul(common, 2), smoothing), tf.add(total, smoothing));
    return tf.sum(tf.sub(1, overlap));
  });
}

function sumOverPixels(maps: tf.Tensor): tf.Tensor {
  return tf.sum(maps, [0, 1, 2]);
}
